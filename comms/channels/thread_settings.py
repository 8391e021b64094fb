"""How a channel has answers to its mail recognized: values of its setting `plus_addressing`; blank: by a line."""

# The server delivers name+code@… to the mailbox.
PLUS_ADDRESSING = "yes"
# Neither an address of the thread's own nor a line that the customer sees.
HEADERS_ALONE = "headers"
