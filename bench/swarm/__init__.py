"""Load as a swarm of users: Locust spawns, watches and stops them; what they do, and what is recorded of it, is `bench.load`'s."""
