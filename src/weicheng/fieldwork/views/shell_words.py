"""The words that the field program's modules show; {names} in braces are filled in the browser."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """Key → sentence, in the reader's language."""
    return {**_camera(), **_places(), **_checks(), **_queue(), **_ways_out(), **_troubles()}


def _camera() -> dict[str, str]:
    return {
        "title": _("现场检查"),
        "undercover": _("暗访"),
        "stops_done": _("{done}/{all} 点位"),
        "pack_at": _("任务 {at} 更新"),
        "pack_old": _("任务是{on}的，联网后更新"),
        "today": _("今天已记录{n}件，合格{m}处"),
        "kept": _("已存本机"),
        "sending": _("上传中"),
        "received": _("已收到（服务器 {at}）"),
        "about_photos": _("{label}，{n}张"),
        "about_more": _("{label}，{n}张；另一件请点类型"),
        "choose_kind_for": _("已拍{n}张，点一个类型"),
        "tray_full": _("一件最多{n}张，先点一个类型"),
        "same_picture": _("这张照片已经在一件里了，没有再存"),
        "from_album": _("从相册选的照片，不记现在的位置"),
        "shoot_first": _("先按快门拍一张，再点类型"),
        "undone": _("已撤销"),
        "too_late": _("已经在上传，撤销不了；可在问题里说明"),
        "more": _("更多"),
        "passed": _("合格"),
        "finished": _("查完"),
        "not_checked": _("未能检查"),
        "failed_last": _("不合格"),
        "voice": _("语音"),
        "recording": _("说完再按"),
        "voice_kept": _("语音已存本机"),
        "voice_waits": _("语音已存本机，随下一件问题上传"),
        "voice_once": _("一件只带一段语音，这件已经有了"),
        "no_sound": _("用不了话筒，请在浏览器里允许录音"),
        "sealed_leader": _("路线还没有启封。上车后由您启封，组员随后看得到。"),
        "sealed_member": _("路线还没有启封，等组长上车启封。"),
        "unseal_needs_network": _("启封要联网，请到有信号的地方再按一次"),
    }


def _places() -> dict[str, str]:
    return {
        "no_place": _("还没有选点位"),
        "fix": _("卫星 ±{n}米"),
        "no_fix": _("还没有定位"),
        "moved_to": _("地点换成：{name}"),
        "old_shots": _("{n}张是以前拍的：先选地点，再点类型"),
        "moved_look": _("地点刚换了，看一眼再按"),
        "by_hand": _("手选地点"),
        "metres": _("{n}米"),
        "kilometres": _("{n}公里"),
        "carried": _("上次未完"),
        "last_time": _("上次{outcome}（{on}）"),
        "open_problems": _("{n}件未销号"),
        "done": _("已查"),
        "scanning": _("把点位牌的二维码放进取景框"),
        "no_plate_seen": _("没有读到二维码，可以输入牌上的编号"),
        "plate_unknown": _("本机没有编号为{number}的点位，有网络时再试"),
        "plate_nowhere": _("您的辖区里没有编号为{number}的点位"),
    }


def _checks() -> dict[str, str]:
    return {
        "fail": _("不合格"),
        "not_applicable": _("不适用"),
        "unseen": _("没看到"),
        "key_check": _("关键项"),
        "failed_before": _("以前不合格"),
        "ruling": _("口径：{words}（{by}，{on}）"),
        "fixed": _("已改"),
        "not_fixed": _("未改"),
        "held": _("没反弹"),
        "relapsed": _("反弹了"),
        "near_here": _("{away}处有{n}件待验收"),
        "to_look_at": _("有{n}件待验收"),
        "before_of": _("整改前：{title}"),
        "after_days": _("第{n}天回头看"),
        "this_photo": _("这次交的照片"),
        "earlier_photo": _("以前用过的照片"),
        "shoot_to_prove": _("{result}，拍一张现状：{title}"),
    }


def _queue() -> dict[str, str]:
    return {
        "offline": _("离线"),
        "waits": _("待传 {n}件、{m}张，都存在本机"),
        "nothing_waits": _("没有待传的"),
        "waiting_title_short": _("待上传 {n}件"),
        "waiting_title": _("待上传 {n}件、{m}张，{size}"),
        "photos_left": _("{n}张待传"),
        "tried": _("试过{n}次"),
        "lacking_photos": _("服务器缺{n}张"),
        "retry": _("重试"),
        "retry_one": _("重试：{label}"),
        "loose": _("{n}张还没有选类型"),
        "loose_how": _("回到取景画面点一个类型"),
        "drop": _("不要了"),
        "remark": _("情况已变，已作为附言留在问题里"),
        "quarantined": _("已交创卫办处理"),
        "exported": _("已导出{n}件，本机的仍然保留，收到回执才删除"),
        "imported": _("已读入{n}件，排队上传"),
        "not_a_queue": _("这不是导出的待传文件，请选从“导出到文件”得到的文件"),
        "handed_over": _("这是别人的待传文件，{n}件已交服务器，由创卫办放行"),
        "handing_over": _("正在交别人的待传文件：{n}/{m}"),
        "hand_over_failed": _("没有交完，请到有网络的地方再读入一次，不会重复；文件请留着"),
        "bytes": _("{n}字节"),
        "kilobytes": _("{n} KB"),
        "megabytes": _("{n} MB"),
    }


def _ways_out() -> dict[str, str]:
    """What the server does not take, or somebody else changed."""
    return {
        "photos_gone": _("服务器还缺{n}张照片，本机已经没有，请从导出的文件读入，或交创卫办"),
        "photo_unreadable": _("这张照片在本机读不出来"),
        "strays": _("{n}张照片还在补传"),
        "strays_how": _("所属的事项服务器已收到"),
        "way_out": _("导出后移除"),
        "way_out_of": _("导出后从本机移除：{label}"),
        "way_out_how": _("已导出为{name}，请交创卫办。确认文件存好了，再从本机移除。"),
        "remove_now": _("从本机移除"),
        "stays": _("先留着"),
        "removed": _("已从本机移除，请把导出的文件交创卫办"),
        "on_server": _("服务器上的：{value}"),
        "on_phone": _("本机改的：{value}"),
        "keep_server": _("保留服务器的"),
        "apply_mine": _("改用本机的"),
    }


def _troubles() -> dict[str, str]:
    return {
        "no_network": _("没有网络，稍后自动再传"),
        "signed_out_short": _("要重新登录"),
        "account_ended": _("这个账号已停用，登录不了。本机{n}件不会丢：请导出到文件交创卫办"),
        "server_busy": _("服务器正忙，稍后自动再传"),
        "signed_out": _("请重新登录，本机{n}件不会丢"),
        "server_full": _("服务器存储已满，已保存在本机，稍后自动重传"),
        "server_refused": _("服务器没有收下（{n}），已保存在本机"),
        "leave_refused": _("本机还有{n}件没有传完，先传完再退出。"),
        "leave_link": _("去看待上传的"),
        "evicted": _("手机系统清掉了本机未上传的内容（至少{n}件），请补拍；从桌面图标打开可避免"),
        "older_page": _("手机上还开着旧版的现场页面，请关掉它，这里会接着打开"),
        "heavy": _("待传照片较多，请尽快到有网络的地方上传"),
        "full": _("待传照片快占满手机给的空间，先上传再拍；合格和勾选仍可记录"),
        "disk_full": _("手机空间不够，没有存下，请先清理空间或上传"),
        "not_kept": _("没有存下，请再做一次；还不行，刷新页面再试"),
        "no_worker": _("请从桌面图标打开以便离线使用；在这里也可以联网填写，没传完别关页面"),
        "not_secure": _("这个地址不是 https，不能离线使用，也打不开相机；请用 https 地址打开"),
        "no_database": _("这个浏览器不能在本机保存，请换系统自带的浏览器"),
        "cannot_start": _("没有打开，请刷新页面；还是不行请换系统自带的浏览器"),
    }
