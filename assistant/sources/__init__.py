"""The texts of a record that helpers read: messages and notes, oldest first, as a member or everybody may read them."""
