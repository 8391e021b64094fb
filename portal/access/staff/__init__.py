"""Staff actions on portal access: invite people, and add people to a job."""
