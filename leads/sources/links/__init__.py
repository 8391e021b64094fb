"""The checker of campaign links: whether their UTM words name a known source and campaign, and the corrected link."""
