"""The composer: write to the customer of a job, told before sending what the gate would say."""
