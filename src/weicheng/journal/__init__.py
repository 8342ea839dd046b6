"""留痕: who did what, once; and the outbox that carries news upwards."""
