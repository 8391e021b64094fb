"""Pages of enrolments: their list, one enrolment, panels on leads and customers, entry of many."""
