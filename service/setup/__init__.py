"""The settings of service: templates of projects."""
