"""Programs as Python source over numpy: what the fast and the strict emitter share."""
