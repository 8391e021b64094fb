"""Updates: what each customer is told of the work every two weeks: drafted by the product, approved by people."""
