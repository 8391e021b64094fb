"""Read a customer's message without a model: vocabulary, sentences, phrases, lexicons, labels, linear model. Pure."""
