//! The models as the scenario documents that a user would draw.
