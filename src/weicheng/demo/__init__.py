"""示范区: the fictional 凤凰区 and its sixty lived days."""
