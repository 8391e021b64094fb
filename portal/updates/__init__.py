"""Customer updates: drafted by the product every two weeks, approved and sent by members."""
