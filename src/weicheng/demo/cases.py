"""Matters in which somebody asked, argued, or said the same again: more time, a pause, whose it is,
one in several, several in one, and a post handed over on the way."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from weicheng.demo.plot import CLOSES, OPENS, Life, at_hour

if TYPE_CHECKING:
    from weicheng.demo.tales import Teller

LEADER, OFFICE = "leader", "office"
#: A post passes to another so many days ago: the unit, the name and title of who follows.
HANDED_OVER = ("区水务局", 10, "苗×", "排水股股长")


def tell(teller: Teller, kinds: Container[str]) -> None:
    """All of them; what needs a kind that the catalogue lacks is left out."""
    for needed, case in CASES:
        if needed in kinds:
            case(teller)


def _sent(  # noqa: PLR0917
    t: Teller, kind: str, name: str, spot: str, text: str, motif: str, days: float, lead: str,
    hours: float | None = None, *, many: int = 1, source: str = "daily", condition: str = "",
) -> Life:  # fmt: skip
    """Filed so many days ago, sent to a unit an hour later and signed; by the rule's due time
    unless the office typed another."""
    life = t.begin(kind, name, spot, text, source, "jiancha2", motif, t.ago(days, 9.2), many)
    life.act("file", "finder", life.shot(fixed=False))
    life.wait(1)
    life.act("dispatch", OFFICE, lead=lead, hours=hours, condition=condition)
    life.wait(1.5)
    life.act("sign", "lead")
    return life


def _lately(t: Teller, hours: float) -> datetime:
    """So many hours ago, or the afternoon before when that was at night."""
    moment = t.now - timedelta(hours=hours)
    hour = moment.hour + moment.minute / 60
    if OPENS <= hour < CLOSES:
        return moment
    day = moment if hour >= CLOSES else moment - timedelta(days=1)
    return at_hour(day.date(), CLOSES - 0.2 - hours / 100)


def _fixed(life: Life, measure: str, words: str, days: float) -> None:
    """Handed in and passed the day after."""
    life.wait(24 * days)
    life.act("hand_in", "lead", life.shot(fixed=True), measure=measure, words=words, swept=6,
             fixed=1)  # fmt: skip
    life.office_hours(20)
    life.act("pass_fix", "verifier")


def asked_today(t: Teller) -> None:
    """More time asked this morning, with a reason that holds: it waits for the leader."""
    life = _sent(t, "pavement", "人民路", "路北公交站旁", "人行道塌陷积水，约12平方米。",
                 "pavement", 6, "区住建局", 24.0 * 8, many=12)  # fmt: skip
    life.until(_lately(t, 1.2))
    until = at_hour((t.now + timedelta(days=8)).date(), 18)
    life.act("ask_extension", "lead", reason="weather", until=until,
             words="连续低温，沥青不能摊铺。已围挡并铺钢板，回温后3天内完工。")  # fmt: skip


def granted_and_running(t: Teller) -> None:
    """More time, agreed by the leader with a condition."""
    life = _sent(t, "bare_soil", "@park 2", "北侧绿地", "绿地裸露约260平方米，原草皮冻死。",
                 "bare_soil",
                 13, "区园林局", 24.0 * 10, many=260)  # fmt: skip
    life.until(t.ago(6, 10.3))
    until = at_hour((t.now + timedelta(days=4)).date(), 18)
    life.act("ask_extension", "lead", reason="material", until=until,
             words="苗圃草皮缺货，外地一车后天到，需分两批铺设。")  # fmt: skip
    life.wait(5)
    life.act("grant", LEADER, words="同意。未铺的先盖绿网，不许露土过周末。")


def granted_and_done(t: Teller) -> None:
    """More time, and done within it."""
    life = _sent(t, "fumes", "@night_market 0", "东段", "两家餐馆共用烟道破损，油烟外溢。", "smoke",
                 24,
                 "区综合执法局", 24.0 * 7, many=2)  # fmt: skip
    life.until(t.ago(20, 9.5))
    until = at_hour(t.ago(13).date(), 18)
    life.act("ask_extension", "lead", reason="others", until=until,
             words="烟道须物业先停业检修，已签协议，下周三进场。")  # fmt: skip
    life.wait(3)
    life.act("grant", OFFICE, words="同意延至物业检修后两天。")
    _fixed(life, "repair", "烟道更换，净化器清洗，排口复测正常。", 4)


def denied(t: Teller) -> None:
    """More time refused, said why; fixed in time after all."""
    life = _sent(t, "site_hoarding", "@site_active 1", "东侧围挡",
                 "围挡倒伏约18米，行人绕行机动车道。", "fence",
                 9, "区住建局", 24.0 * 5, many=18)  # fmt: skip
    life.wait(26)
    until = at_hour(t.now.date(), 18)
    life.act("ask_extension", "lead", reason="material", until=until,
             words="定制围挡板要等一周。")  # fmt: skip
    life.wait(2)
    life.act("deny", OFFICE, words="先用水马和临时板封闭，扶正加固不用等料，按原时限办。")
    _fixed(life, "repair", "已扶正加固18米，缺板处用水马封闭。", 1.4)


def paused(t: Teller) -> None:
    """缓办 over the winter; the due time falls into a year whose calendar is not out."""
    life = _sent(t, "facade", "人民路", "118号门前", "临街立面涂料大片起皮脱落，约90平方米。",
                 "derelict", 8, "区住建局", many=90)  # fmt: skip
    life.wait(25)
    until = at_hour((t.now + timedelta(days=105)).date(), 9)
    life.act("ask_pause", "lead", reason="season", until=until,
             words="气温低于5度，外墙涂料不能施工，开春后复工。松动处已先铲除。")  # fmt: skip
    life.office_hours(4)
    life.act("grant", OFFICE, words="同意缓办，先消除坠落隐患，每月报一次现状。")


def disputed(t: Teller) -> None:
    """不属于我, waiting at the office since two hours."""
    life = _sent(t, "bare_soil", "@estate 5", "西侧绿地", "围墙外绿地裸土约40平方米。", "bare_soil",
                 2,
                 "区园林局", 24.0 * 9, many=40)  # fmt: skip
    life.until(_lately(t, 2.1))
    life.act("dispute", "lead", reason="owner", suggested="区住建局",
             words="该处在小区红线内，未移交市政绿化，应由物业主管部门督促补植。")  # fmt: skip


def decided(t: Teller) -> None:
    """不属于我, and the office agreed."""
    life = _sent(t, "green_damage", "@estate 11", "2号楼北侧", "绿地被占种菜3处，约25平方米。",
                 "bare_soil",
                 7, "区园林局", 24.0 * 9, many=3)  # fmt: skip
    life.wait(20)
    life.act("dispute", "lead", reason="duty", suggested="区综合执法局",
             words="毁绿占地属执法事项，我局负责清理后的复绿。")  # fmt: skip
    life.office_hours(5)
    life.act("grant", OFFICE, words="同意。综合执法局牵头清理，园林局随后复绿。")
    life.wait(2)
    life.act("sign", "lead")


def three_bounces(t: Teller) -> None:
    """Sent from one to the other twice: the third time it goes to the group by itself."""
    life = _sent(t, "pavement", "古井巷", "中段", "巷中检修井周边路面下沉约6平方米，雨天积水。",
                 "pavement", 9, "区住建局", 24.0 * 12, many=6)  # fmt: skip
    turns = (
        ("区交通局", "place", "该段不在市政道路移交清单内。", "区交通局接办。"),
        ("区水务局", "duty", "下沉由污水检修井引起，不是路面养护。", "由水务局先查井。"),
    )
    for suggested, reason, words, answer in turns:
        life.office_hours(19)
        life.act("dispute", "lead", reason=reason, suggested=suggested, words=words)
        life.office_hours(4)
        life.act("grant", OFFICE, words=answer)
        life.wait(1)
        life.act("sign", "lead")
    life.until(_lately(t, 19))
    life.act("dispute", "lead", reason="owner", suggested="区住建局",
             words="管线已探测无漏损，井为弱电井，路面下沉应由市政修复。")  # fmt: skip


def split(t: Teller) -> None:
    """One report of three matters, each for its own unit."""
    life = t.begin("estate_dirty", "@estate 17", "",
                   "小区门口一圈：摊点占道、地砖破损、绿地有垃圾。",
                   "citizen", "paidan", "rubbish", t.ago(4, 9.6), 1)  # fmt: skip
    life.act("file", "finder", life.shot(fixed=False))
    life.wait(2)
    place = life.matter.place
    life.act("split", OFFICE, words="一件里有三家的事，拆开分派。", close=True, pieces=(
        ("shop_outside", f"{place}门口", "门口店铺出店经营，占压盲道。", "区综合执法局"),
        ("pavement", f"{place}门口", "门口人行道地砖破损约5平方米。", "区住建局"),
        ("green_dirty", f"{place}东侧绿地", "绿地内白色垃圾成片。", "区园林局"),
    ))  # fmt: skip


def merged_and_answered(t: Teller) -> None:
    """The same said three times; fixed once, and all who said it hear the answer."""
    first = _sent(t, "animals", "@back_lane 9", "8号门前", "住户散养鸡鸭十余只，粪便污染巷道。",
                  "rubbish", 8,
                  "区综合执法局", 24.0 * 5, many=12, source="citizen")  # fmt: skip
    again = t.begin("animals", "@back_lane 9", "8号院旁", "有人养鸡，早上吵，路上都是粪便。",
                    "hotline", "paidan", "rubbish", t.ago(7, 10.1), 1)  # fmt: skip
    again.act("file", "finder")
    again.wait(1.2)
    again.act("merge", OFFICE, into=first.matter.key, words="与前件为同一户，并案办理。")
    first.until(t.ago(7, 15))
    first.act("say_again", "community", source="self", words="网格巡查又见散养，已劝过两次。")
    first.until(t.ago(5, 10))
    _fixed(first, "enforce", "已责令圈养并清运粪便，签订承诺书。", 1)


def merged_and_open(t: Teller) -> None:
    """The same from an inspector and from the town: one of the two is worked on."""
    first = _sent(t, "site_dust", "@site_active 3", "出入口", "工地出入口带泥上路，约60米。",
                  "fence", 1.3,
                  "区住建局", 96.0, many=1)  # fmt: skip
    again = t.begin("site_dust", "@site_active 3", "北侧道路", "渣土车带泥，路面扬尘大。",
                    "undercover", "jiancha3", "fence", _lately(t, 9), 1)  # fmt: skip
    again.act("file", "finder", again.shot(fixed=False))
    again.wait(0.8)
    again.act("merge", OFFICE, into=first.matter.key, words="同一工地同一问题。")
    first.until(t.now - timedelta(hours=3))
    first.act("say_again", "town", source="self", words="今早洒水车过后仍有泥，周边居民再次反映。")


def another_hand(t: Teller) -> None:
    """换经办人: the unit names somebody else."""
    life = _sent(t, "toilet_fittings", "@toilet 4", "", "洗手池2个水龙头损坏，烘手机不通电。",
                 "toilet", 3,
                 "区环卫局", 24.0 * 6, many=3)  # fmt: skip
    life.wait(6)
    life.act("name_person", "lead", to="head", words="环卫所长外出培训，由局领导直接盯办。")


def handed_over(t: Teller) -> None:
    """A post handed over while the matter ran: it goes on with whoever followed."""
    unit, days, _name, _title = HANDED_OVER
    life = _sent(t, "river_dirty", "望江段", "桥下", "桥下漂浮物聚集，岸坡有建筑垃圾2处。", "river",
                 days + 4, unit, 24.0 * 18, many=2)  # fmt: skip
    life.act("name_person", "lead", to="contact", words="由排水股办。")
    life.until(t.ago(days, 8.6))
    life.act("hand_over", OFFICE)
    life.wait(30)
    life.act("remark", "lead", words="已接手。打捞船排到本周四，垃圾点先行围挡。")


def unsigned(t: Teller) -> None:
    """Sent and not signed: the office sees who does not look."""
    for name, text, lead, days in (
        ("枫林小区", "3号楼前健身器材旁砖块松动约4平方米。", "区住建局", 2.4),
        ("@main_road 12", "沿街门头灯箱积灰破损，影响观感。", "区综合执法局", 1.9),
    ):
        kind = "pavement" if lead == "区住建局" else "facade"
        life = t.begin(kind, name, "", text, "daily", "jiancha4", "pavement", t.ago(days, 10), 4)
        life.act("file", "finder", life.shot(fixed=False))
        life.wait(0.6)
        life.act("dispatch", OFFICE, lead=lead, hours=None)


def by_condition(t: Teller) -> None:
    """A filing condition chooses the row of the table of time limits."""
    life = _sent(t, "illegal_building", "石桥老街", "17号院旁", "后院正在砌墙加层，无审批牌。",
                 "derelict", 0.9, "区综合执法局", condition="正在搭建")  # fmt: skip
    life.wait(3)
    life.act("remark", "lead", words="已责令停工，材料清退，扣留搅拌机一台。")
    life = _sent(t, "illegal_building", "凤凰巷", "31号院墙外", "彩钢棚占巷道约15平方米。",
                 "derelict", 5, "区综合执法局", condition="责令改正", many=15)  # fmt: skip
    life.wait(30)
    life.act("remark", "lead", words="限期改正通知书已送达当事人签收。")


CASES: tuple[tuple[str, Callable[[Teller], None]], ...] = (
    ("pavement", asked_today), ("bare_soil", granted_and_running), ("fumes", granted_and_done),
    ("site_hoarding", denied), ("facade", paused), ("bare_soil", disputed),
    ("green_damage", decided), ("pavement", three_bounces), ("estate_dirty", split),
    ("animals", merged_and_answered), ("site_dust", merged_and_open),
    ("toilet_fittings", another_hand), ("river_dirty", handed_over), ("pavement", unsigned),
    ("illegal_building", by_condition),
)  # fmt: skip
