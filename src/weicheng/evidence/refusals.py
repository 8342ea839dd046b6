"""Why a file was not kept: a code with parameters, put into words at the edge."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy

from weicheng.evidence.formats import PER_ACT
from weicheng.journal.refusals import Refusal

SENTENCES = {
    "empty": gettext_lazy("这个文件是空的。请重新选择。"),
    "too_big": gettext_lazy("文件有 %(size_mb)s MB，超过了 %(limit_mb)s MB 的上限。请压缩后再传。"),
    "too_many": gettext_lazy("一次最多传 %(limit)s 个文件，这次选了 %(count)s 个。请分几次传。"),
    "unknown_type": gettext_lazy(
        "不支持这种文件。照片请用 JPG、PNG、WebP 或 HEIC，"
        "材料请用 PDF、Word（docx）或 Excel（xlsx）。"
    ),
    "old_office": gettext_lazy("这是旧版 Word 或 Excel 文件。请另存为 docx 或 xlsx 后再传。"),
    "not_a_picture": gettext_lazy("这里要传照片（JPG、PNG、WebP 或 HEIC），这个文件不是照片。"),
    "not_a_sound": gettext_lazy("这段录音放不出来，没有收下。请重新录一段。"),
    "mismatch": gettext_lazy("文件的内容和扩展名“%(extension)s”对不上。请传原来的文件。"),
    "broken_picture": gettext_lazy("这张图片打不开，可能没有传完整。请重新选择。"),
    "too_many_pixels": gettext_lazy(
        "这张图片有 %(megapixels)s 百万像素，超过了 %(limit)s 百万的上限。请缩小后再传。"
    ),
    "too_heavy": gettext_lazy("这个文件展开后太大，服务器没有收下。请换一个小一些的文件。"),
    "too_slow": gettext_lazy("这个文件处理时间太长，服务器没有收下。请换一个文件。"),
    "animated": gettext_lazy("动图不能作凭证。请传普通照片。"),
    "hidden_content": gettext_lazy(
        "这个文件里夹带了别的内容，为安全起见没有收下。请重新拍照或另存后再传。"
    ),
    "broken_paper": gettext_lazy("这个文件打不开，可能没有传完整。请重新选择。"),
    "locked_paper": gettext_lazy("这个文件加了密码。请去掉密码后再传。"),
    "macros": gettext_lazy(
        "这个文件带有宏或脚本，为安全起见没有收下。请另存为不带宏的文件后再传。"
    ),
    "virus": gettext_lazy("这个文件被认出带有病毒，没有收下。请先查杀电脑再传。"),
    "disk_full": gettext_lazy("服务器存储已满，文件没有保存。请留好原件，并告诉系统管理员。"),
    "decoder_down": gettext_lazy("处理照片的程序暂时没有响应，文件没有保存。请过几分钟再传。"),
    "store_down": gettext_lazy("存放照片的服务暂时连不上，文件没有保存。请过几分钟再传。"),
}

HTTP_STATUS = {"too_big": 413, "disk_full": 507, "store_down": 503, "decoder_down": 503}


def check_count(count: int, *, limit: int = PER_ACT) -> None:
    """Refuse more files than one act may bring."""
    if count > limit:
        raise EvidenceRefused("too_many", count=count, limit=limit)


class EvidenceRefused(Refusal):
    """A file was not kept and nothing of it is stored; the sentence says what to do next."""

    SENTENCES = SENTENCES

    @property
    def http_status(self) -> int:
        """What a view answers: 507 disk full, 413 too big, 503 store away, else 422."""
        return HTTP_STATUS.get(self.code, 422)

    def sentence_about(self, filename: str) -> str:
        """The reason with the file's name before it, for a drop of many files."""
        return gettext("%(filename)s：%(reason)s") % {
            "filename": filename,
            "reason": self.sentence(),
        }
