"""Hand out the bytes of documents: addresses that end, who may still read, and answers a browser runs nothing of."""
