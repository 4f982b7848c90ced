"""The registry (登记册): government websites and new-media accounts, who runs them and in which state they are."""
