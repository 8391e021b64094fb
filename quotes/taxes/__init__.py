"""Taxes: classes, dated rates by place, and which tax a sale bears."""
