"""A believable shop for trying Halo out: seeded, the same for everybody on the same day."""

from crm.demo.seed import seed_demo

__all__ = ["seed_demo"]
