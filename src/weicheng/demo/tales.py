"""The particular matters of the demo: what a visitor is shown, with their days and words fixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from weicheng.demo import cases
from weicheng.demo.dice import Dice
from weicheng.demo.plot import KindFacts, Life, Matter, at_hour
from weicheng.demo.sites import SitePlan

# Live lines cut and not back: place, households, metres, hours since the promised time.
CUT = (
    ("张家沟小区", "3号楼东", 84, 46, 38.0),
    ("枫林小区", "6号楼北侧", 56, 31, 26.0),
    ("凤凰巷", "12号门前", 42, 24, 15.0),
    ("红叶一号院", "2号楼西侧", 28, 18, 7.0),
)
# Works that take months: kind, site, words, motif, lead, milestones (days from now, words).
WORKS = (
    ("dry_toilet", "柳溪旱厕", "村口旱厕1座，拟改建水冲式。", "toilet", "区环卫局",
     ((-30, "选址公示"), (-9, "化粪池施工"), (18, "主体完工"), (40, "投入使用"))),
    ("black_water", "望江段", "望江段有返黑，晴天溢流。", "river", "区水务局",
     ((-22, "排口溯源"), (12, "截污管接通"), (55, "水质连续达标"))),
    ("urban_village", "", "老庄片区巷道泥泞，雨污混流。", "rubbish", "区住建局",
     ((-28, "方案评审"), (-4, "管网开挖"), (45, "路面硬化"))),
    ("no_manager", "文化小区", "物业撤场，院内无人管理。", "derelict", "凤凰街道",
     ((-18, "成立业委会"), (10, "选聘物业"), (30, "环境整治"))),
    ("grille", "张家沟小区", "外凸防护栏130户，分楼栋拆改。", "guards", "红叶镇",
     ((-20, "入户排摸130户"), (-6, "1至4号楼拆除"), (14, "5至9号楼拆除"))),
    ("shed", "凤凰巷", "棚屋9处，产权人在外地。", "derelict", "区综合执法局",
     ((-12, "联系产权人"), (9, "签协议"), (27, "拆除清运"))),
    ("sewage_spill", "石桥中转站", "渗滤液外流，沟渠发黑。", "river", "区环卫局",
     ((-15, "疏通沟渠"), (-2, "新建收集池"), (16, "并网"))),
)  # fmt: skip
PROVINCE = (
    ("pavement", "人民路", "省级反馈第1项：主干道人行道破损较多。", "pavement", "repair", 9),
    (
        "market_order",
        "红叶农贸市场",
        "省级反馈第2项：未划行归市，通道被占。",
        "market",
        "enforce",
        6,
    ),
    ("small_ads", "古井巷", "省级反馈第3项：背街小巷小广告反复。", "adverts", "clean", 30),
    ("bare_soil", "", "省级反馈第4项：绿地黄土裸露。", "bare_soil", "repair", 120),
    ("toilet_smell", "临江路公厕", "省级反馈第5项：公厕异味。", "toilet", "clean", 1),
    ("spider_web", "石桥老街", "省级反馈第6项：老城区蜘蛛网。", "cables", "tidy", 160),
)
TELECOM = "联通公司"


def special(
    now: datetime,
    sites: Sequence[SitePlan],
    kinds: Mapping[str, KindFacts],
    *,
    first: int,
) -> list[Life]:
    """The lives of the particular matters; keys run on from `first`. Unknown kinds are skipped."""
    teller = Teller(now, sites, first)
    for kind, tell in (
        ("spider_web", teller.cables),
        ("street_trading", teller.market_gate),
        ("no_manager", teller.ownerless),
        ("exposed_waste", teller.railway),
        ("bin_damaged", teller.broken_bin),
    ):
        if kind in kinds:
            tell()
    teller.works([row for row in WORKS if row[0] in kinds])
    teller.province([row for row in PROVINCE if row[0] in kinds], kinds)
    cases.tell(teller, kinds)
    return teller.lives


class Teller:
    """Begins the lives of particular matters at named sites; keys run on from `first`."""

    def __init__(self, now: datetime, sites: Sequence[SitePlan], first: int) -> None:
        self.now = now
        self.sites = sites
        self.first = first
        self.lives: list[Life] = []

    def ago(self, days: float, hour: float | None = None) -> datetime:
        """So many days ago, at `hour` of that day when given."""
        moment = self.now - timedelta(days=days)
        return moment if hour is None else at_hour(moment.date(), hour)

    def begin(  # noqa: PLR0917
        self, kind: str, name: str, spot: str, text: str, source: str, finder: str, motif: str,
        at: datetime, quantity: int | None = None,
    ) -> Life:  # fmt: skip
        """A new life at the named site (“@park 2” is the third park); without a name, at some
        site of a likely type."""
        site = self._site(name, motif)
        said = site.name if name.startswith("@") else name or site.name
        key = self.first + len(self.lives)
        matter = Matter(
            key, kind, site.key, site.region, f"{said}{spot}", text, source, finder,
            motif, 5_000 + len(self.lives), Decimal(quantity) if quantity else None,
        )  # fmt: skip
        life = Life(matter, at)
        self.lives.append(life)
        return life

    def _site(self, name: str, motif: str) -> SitePlan:
        if name.startswith("@"):
            site_type, place = name[1:].split()
            return [s for s in self.sites if s.site_type == site_type][int(place)]
        likely: Callable[[SitePlan], bool] = (
            (lambda s: s.name.startswith(name))
            if name
            else (lambda s: s.site_type in _LIKELY[motif])
        )
        return next(filter(likely, self.sites))

    def cables(self) -> None:
        """Lines of one operator cut, promised, and still dead: 210 households in four places."""
        for row in CUT:
            life = self._web(row)
            late = row[4]
            life.until(self.now - timedelta(hours=late - 2))
            words = f"居民来电：断网至今，涉及{row[2]}户，请尽快接通。"
            life.act("remark", "office", words=words)
            life.wait(3)
            if row is CUT[0]:
                life.act("remark", "leader", words="张家沟线缆三天内接通，督查室跟进。")

    def _web(self, row: tuple[str, str, int, int, float]) -> Life:
        """Lines found, judged, cut and tidied, and one of them not connected again."""
        name, spot, households, metres, late = row
        text = f"外墙线缆成团下垂，约{metres}米，含在用宽带线。"
        back = self.now - timedelta(hours=late)
        start = at_hour(back.date() - timedelta(days=2), 8.9 + metres / 40)
        life = self.begin(
            "spider_web", name, spot, text, "daily", "jiancha", "cables", start, metres
        )
        life.act("file", "finder", life.shot(fixed=False), life.shot(fixed=False, more=1))
        life.wait(0.5)
        order = "断线清除，在用线入槽，离地2.5米以上；剪线前逐根认线。"
        life.act("dispatch", "office", lead="bureau", hours=72.0, duties=[TELECOM], support=True,
                 requirement=order)  # fmt: skip
        life.wait(0.6)
        life.act("sign", TELECOM)
        life.wait(1)
        life.act("classify_line", TELECOM, label=f"{spot}宽带主缆", state="live",
                 households=households, back=back)  # fmt: skip
        life.act("classify_line", TELECOM, label=f"{spot}旧电话线", state="abandoned")
        life.wait(3)
        life.act("cut_line", TELECOM, line=1)
        life.act("cut_line", TELECOM, line=0)
        life.wait(4)
        life.act("hand_in", TELECOM, life.shot(fixed=True), measure="tidy", swept=9, fixed=3,
                 words=f"线缆入槽{metres}米，清除断线11根。")  # fmt: skip
        return life

    def market_gate(self) -> None:
        """A market gate that comes back: closed three times, open for the fourth."""
        life = self.begin(
            "street_trading",
            "红叶农贸市场",
            "东门",
            "东门外摊点占道4处，堵塞消防通道。",
            "undercover",
            "jiancha3",
            "market",
            self.ago(47, 7.9),
            4,
        )
        life.act("file", "finder", life.shot(fixed=False))
        for turn, days in enumerate((31, 13, 1)):
            life.wait(1.2)
            life.act(
                "hand_in",
                "lead",
                life.shot(fixed=True, more=turn),
                measure="enforce",
                words="已劝离至疏导点，安排值守。",
                swept=4,
                fixed=turn,
            )
            life.office_hours(20)
            life.act("pass_fix", "verifier")
            life.until(self.ago(days, 8.1 + turn * 0.2))
            life.act(
                "reopen",
                "inspector",
                life.shot(fixed=False, more=turn + 4),
                reason="relapsed",
                words=f"早市时段又占道，第{turn + 1}次反弹。",
            )
        life.wait(0.7)
        life.act("remark", "leader", words="市场占道每天早晚各查一次。")

    def ownerless(self) -> None:
        """An abandoned compound that nobody owns: parked with a letter and a date."""
        life = self.begin(
            "no_manager",
            "原纺织厂家属院",
            "",
            "厂已破产，院内无水电无物业，垃圾成堆。",
            "daily",
            "jiancha2",
            "derelict",
            self.ago(41, 10.3),
            1,
        )
        life.act("file", "finder", life.shot(fixed=False), life.shot(fixed=False, more=1))
        life.office_hours(4)
        life.act("dispatch", "office", lead="bureau", hours=24.0 * 20, support=True)
        life.office_hours(30)
        life.act("remark", "lead", words="产权在原市属企业，破产清算未结束，我局无处置权。")
        life.office_hours(22)
        life.act("recall", "office", words="权属不明，提级研究。")
        life.office_hours(3)
        review = (self.now + timedelta(days=3)).date()
        life.act(
            "park",
            "office",
            addressee="栖梧市国资委",
            review=review,
            words="原纺织厂家属院无主管单位，请明确产权承接和管理主体，先行清运。",
        )
        life.until(self.ago(20, 15.5))
        life.act("remark", "office", words="已电话催办，答复在走程序。")

    def railway(self) -> None:
        """Waste on railway land: not the district's to clear."""
        life = self.begin(
            "exposed_waste",
            "铁路桥北沿线",
            "护坡",
            "护坡积存生活垃圾约3车，在铁路用地内。",
            "daily",
            "jiancha4",
            "rubbish",
            self.ago(26, 9.6),
            3,
        )
        life.act("file", "finder", life.shot(fixed=False))
        life.office_hours(2)
        life.act("recall", "office", words="在铁路用地内，环卫无权进入。")
        life.office_hours(1)
        review = (self.now + timedelta(days=6)).date()
        life.act(
            "park",
            "office",
            addressee="铁路工务段",
            review=review,
            words="护坡垃圾位于贵段用地，请安排清运并加装围栏。",
        )

    def broken_bin(self) -> None:
        """A bin sent back once and late by a day: the first row of a cleaning bureau's list."""
        life = self.begin(
            "bin_damaged",
            "人民路",
            "86号旁",
            "垃圾箱破损，桶盖缺失，垃圾外露。",
            "daily",
            "jiancha",
            "bin",
            self.ago(5, 9.5),
            1,
        )
        life.act("file", "finder", life.shot(fixed=False))
        life.wait(0.6)
        life.act(
            "dispatch", "office", lead="bureau", hours=96.0, requirement="更换箱体，排查同路段。"
        )
        life.wait(2)
        life.act("sign", "lead")
        life.office_hours(40)
        life.act(
            "hand_in",
            "lead",
            life.shot(fixed=True),
            measure="repair",
            words="已扶正。",
            swept=2,
            fixed=0,
        )
        life.office_hours(18)
        life.act("send_back", "verifier", reason="unfinished", words="箱体未更换，盖仍缺失。")

    def works(
        self, rows: Sequence[tuple[str, str, str, str, str, tuple[tuple[int, str], ...]]]
    ) -> None:
        """Works of months with their milestones; those that are past are ticked."""
        for i, (kind, name, text, motif, lead, steps) in enumerate(rows):
            start = self.ago(50 - i * 2, 10 + i * 0.7)
            life = self.begin(kind, name, "", text, "daily", "jiancha2", motif, start, 1)
            life.act("file", "finder", life.shot(fixed=False))
            life.office_hours(26)
            dated = [((self.now + timedelta(days=days)).date(), words) for days, words in steps]
            life.act(
                "set_long_term",
                "office",
                lead=lead,
                steps=dated,
                words="列入长期推进，按节点销账。",
            )
            for place, (days, words) in enumerate(steps):
                if days < 0:
                    life.until(self.ago(-days, 16 + place * 0.4))
                    life.act("report_progress", lead, milestone=place, words=f"{words}已完成。")

    def province(
        self, rows: Sequence[tuple[str, str, str, str, str, int]], kinds: Mapping[str, KindFacts]
    ) -> None:
        """What the province found: verified by somebody above."""
        for i, (kind, name, text, motif, measure, many) in enumerate(rows):
            d = Dice("province", i)
            life = self.begin(
                kind, name, "", text, "province", "paidan", motif, self.ago(19, 9 + i * 0.2), many
            )
            life.act("file", "finder", life.shot(fixed=False))
            life.wait(2)
            if not kinds[kind].direct:
                life.act("dispatch", "office", lead="bureau", hours=24.0 * 16, support=True)
            life.wait(3)
            life.act("sign", "lead")
            life.office_hours(24 * d.span(4, 17))
            life.act(
                "hand_in",
                "lead",
                life.shot(fixed=True),
                measure=measure,
                swept=20,
                fixed=4,
                words="已整改，全区同类点位排查完毕。",
            )
            life.office_hours(24 * d.span(1, 3))
            life.act("pass_fix", "superior")


_LIKELY = {
    "rubbish": {"urban_village", "back_lane"},
    "bare_soil": {"park", "main_road"},
    "toilet": {"toilet"},
    "river": {"river"},
    "derelict": {"estate"},
}
