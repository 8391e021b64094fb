"""Lead mail of portals: read line by line, as somebody showed by an example."""
