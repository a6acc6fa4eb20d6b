"""The gate on the wire: a connection is cut at any message that its client sends, and what really happened is counted."""
