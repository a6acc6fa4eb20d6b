"""What is asked of a store: operations, their generators and real traces, without any SQL."""
