"""`weicheng shell-link USER`: a one-time log-in link for whoever stands at the machine."""

from __future__ import annotations

import click

from weicheng.server.refusals import CannotRun


@click.command("shell-link")
@click.argument("user")
@click.option("--base-url", default="http://127.0.0.1:8000", show_default=True)
def command(user: str, base_url: str) -> None:
    """为账号 USER 生成一个一次性登录链接。"""
    from django.contrib.auth import get_user_model

    from weicheng.people import links

    accounts = get_user_model()
    try:
        found = accounts._default_manager.get(username=user)
    except accounts.DoesNotExist:
        raise CannotRun(f"没有账号“{user}”。") from None
    click.echo(links.link_for(found, base_url))
