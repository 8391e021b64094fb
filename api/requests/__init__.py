"""What every request of the API goes through: token, tenant, rate, stored answers, versions, pages and problems."""
