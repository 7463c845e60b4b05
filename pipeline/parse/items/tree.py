"""Text -> tasks: which numbers, rows and paragraphs are items, what each owns, what is above it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict

from pipeline.lexicon import alternation, words
from pipeline.names.lists import split_names
from pipeline.names.units import is_collective, is_unit
from pipeline.parse.annexes import Annex, drop_attachments, find_annexes
from pipeline.parse.clauses.labelled import Clause, find_clauses
from pipeline.parse.clauses.owners import Share
from pipeline.parse.clauses.rules import Rule, find_rules
from pipeline.parse.clauses.sentences import find_heading_leader, find_sentence, find_statement
from pipeline.parse.items.rows import Rows
from pipeline.parse.items.tasks import Heading, Plan, Span, Task
from pipeline.parse.outline import BESIDE, Block, find_blocks, find_heading_end
from pipeline.parse.tables import TextTable, find_glued, find_tables
from pipeline.text import trim, without_blanks

_LEAD_IN = re.compile(rf"\s*(?:{alternation(words('boilerplate', 'lead_in'))}):\s*")
_LINE = re.compile(r"[^\n]+")
# A heading that stands on a line of its own is at most this long.
_HEADING_REACH = 60
_BULLET = re.compile(r"[-•●▲△■◆※·*—–]+ ?")
_BULLET_HEADING = 24
# So many headings at least are units' names where they assign.
_FEWEST_NAMED = 2
# A table of which more rows than this share do not fit its columns is refused.
_MOST_DOUBTFUL = 0.34


def find_plan(folded: str) -> Plan:
    """The items of a text: blocks and rows with clauses of their own, and their siblings.

    A block without a clause above blocks that have one is a section, even beside items; what a
    section's own clause says is inherited by its items role by role.
    """
    tables = _all_tables(folded)
    refused = [table for table in tables if _is_torn(table)]
    masked = _mask(folded, tables)
    annexes = find_annexes(masked, [(table.start, table.end) for table in tables])
    blocks = _all_blocks(masked, annexes)
    clauses = find_clauses(masked, [block.start for block in blocks], _loose_ends(masked, blocks))
    rules = find_rules(folded)
    finder = _Finder(masked, blocks, clauses, rules)
    tasks = _in_order(finder.find_tasks())
    starts = [task.start for task in tasks]
    for table in tables:
        if table not in refused:
            around = _item_around(tasks, starts, table.start)
            above = finder.headings_above(table.start) if around < 0 else tasks[around].path
            rows = Rows(folded, table, above).tasks()
            for row in rows:
                row.parent = around
            tasks.extend(rows)
    tasks = _in_order(tasks)
    for task in tasks:
        task.annex = bisect_right([annex.start for annex in annexes], task.start) - 1
    plan = Plan(blocks, annexes, tasks, finder.headings, rules, tables, refused, clauses)
    _drop_repeat(folded, plan)
    _apply_rules(plan)
    return plan


# A plan of fewer items than this may repeat itself by chance.
_FEWEST_REPEATED = 2


def _drop_repeat(folded: str, plan: Plan) -> None:
    """Read only once what a page prints twice, item for item."""
    half, odd = divmod(len(plan.tasks), 2)
    if odd or half < _FEWEST_REPEATED:
        return
    first, again = plan.tasks[0], plan.tasks[half]
    if folded[first.body : first.body + 8] != folded[again.body : again.body + 8]:
        return
    words = [without_blanks(folded[task.start : task.end]) for task in plan.tasks]
    if words[:half] != words[half:]:
        return
    second = plan.tasks[half]
    heads = [
        head.words[0] for head in plan.headings.values() if plan.tasks[half - 1].end < head.words[0]
    ]
    plan.repeat = min([second.start, *heads])
    plan.headings = {
        index: head for index, head in plan.headings.items() if head.words[0] < plan.repeat
    }
    del plan.tasks[half:]


def _all_tables(folded: str) -> list[TextTable]:
    """The tables by place; cells that marks tell apart are believed before those told by shape."""
    drawn = find_tables(folded)
    starts = [table.start for table in drawn]
    tables = list(drawn)
    for table in find_glued(folded):
        last = bisect_left(starts, table.end) - 1
        if last < 0 or drawn[last].end <= table.start:
            tables.append(table)
    return sorted(tables, key=lambda table: table.start)


def _is_torn(table: TextTable) -> bool:
    doubtful = sum(row.doubtful for row in table.rows)
    return not table.rows or doubtful > max(1, _MOST_DOUBTFUL * len(table.rows))


def _mask(folded: str, tables: list[TextTable]) -> str:
    """The text with line breaks for tables, so that no number or label in a cell is found."""
    pieces, at = [], 0
    for table in tables:
        pieces += [folded[at : table.start], "\n" * (table.end - table.start)]
        at = table.end
    return "".join([*pieces, folded[at:]]) if pieces else folded


def _all_blocks(folded: str, annexes: list[Annex]) -> list[Block]:
    """The numbered blocks of every annex, without those of a list of attachments."""
    blocks: list[Block] = []
    for annex in annexes:
        base = len(blocks)
        # A title that runs into its first number does not hide it.
        start = annex.title[1] if annex.title else annex.start
        for block in find_blocks(folded, start, annex.end):
            if block.parent >= 0:
                block.parent += base
            blocks.append(block)
    dropped = set(drop_attachments(folded, [(block.start, block.number) for block in blocks]))
    return _without(blocks, dropped) if dropped else blocks


def _without(blocks: list[Block], dropped: set[int]) -> list[Block]:
    """The blocks without some, whose text goes back to nobody; what hung on those goes up.

    Blocks above the first of them end there, so that nothing behind it hangs on those.
    """
    kept: dict[int, int] = {-1: -1}
    left: list[Block] = []
    first = blocks[min(dropped)].start
    for index, block in enumerate(blocks):
        if index in dropped:
            continue
        if block.start < first:
            block.end = min(block.end, first)
            if block.first_child >= first:
                block.first_child = 0
        parent = block.parent
        while parent in dropped or (parent >= 0 and blocks[parent].end < block.end):
            parent = blocks[parent].parent
        block.parent = kept[parent]
        kept[index] = len(left)
        left.append(block)
    return left


def _loose_ends(folded: str, blocks: list[Block]) -> set[int]:
    """Where blocks end and no other begins beside them: text that is nobody's follows."""
    starts = [*(block.start for block in blocks), len(folded)]
    ends = {block.end for block in blocks}
    return {end for end in ends if folded[end : starts[bisect_left(starts, end)]].strip(BESIDE)}


def _in_order(tasks: list[Task]) -> list[Task]:
    """The tasks by place, parents renumbered."""
    order = sorted(range(len(tasks)), key=lambda i: tasks[i].start)
    if order == list(range(len(tasks))):
        return tasks
    place = {old: new for new, old in enumerate(order)}
    for task in tasks:
        if task.parent >= 0:
            task.parent = place[task.parent]
    return [tasks[i] for i in order]


def _item_around(tasks: list[Task], starts: list[int], position: int) -> int:
    """The innermost item that a position stands in, or -1."""
    index = bisect_right(starts, position) - 1
    while index >= 0 and tasks[index].end <= position:
        index = tasks[index].parent
    return index


class _Finder:
    """The blocks and clauses of a text on their way to tasks."""

    def __init__(
        self, folded: str, blocks: list[Block], clauses: list[Clause], rules: list[Rule]
    ) -> None:
        self.folded = folded
        self.blocks = blocks
        self.clauses = clauses
        self.starts = [block.start for block in blocks]
        self.children: dict[int, list[int]] = defaultdict(list)
        for index, block in enumerate(blocks):
            self.children[block.parent].append(index)
        self.closings = [rule for rule in rules if rule.code == "closing"]
        self.owned = self._attach()
        self.headings: dict[int, Heading] = {}
        self.weak: set[int] = set()
        # Headings that are a unit's name and nothing else.
        self.named: set[int] = set()

    def find_tasks(self) -> list[Task]:
        """The tasks that blocks and unnumbered paragraphs make, in reading order."""
        self._attach_statements()
        if not any(clause.assigns for clause in self.clauses) and not self.closings:
            self._attach_unit_headings()
            if not self.named:
                self._attach_sentences()
        assigned = {i for i, own in self.owned.items() if any(c.assigns for c in own)}
        self._close(assigned)
        self._lift(assigned)
        above = self._ancestors(assigned)
        heads = self._heading_owners(assigned, above) | self.named
        for index in heads:
            if not above.intersection([index]) and self.children[index]:
                assigned.update(self.children[index])
        above = self._ancestors(assigned)
        loose = self._loose_heads(assigned, above)
        chosen = self._with_siblings(assigned - heads - loose, above | loose)
        tasks, task_of = self._make_tasks(chosen)
        above |= loose
        for index in above:
            block = self.blocks[index]
            lead = find_heading_leader(self.folded, block.body, block.own_end)
            if lead and index not in task_of:
                self.owned[index].append(lead)
                heads.add(index)
        for index in sorted((above | heads) - set(task_of)):
            self._add_heading(index)
        for index in sorted(loose):
            paragraphs = self._paragraph_tasks(index, heads)
            for task in paragraphs:
                task.parent = self._parent(index, task_of)
            tasks.extend(paragraphs)
        tasks.extend(self._opening_tasks(tasks))
        self._inherit(heads, tasks)
        lost = any(block.lost for block in self.blocks)
        for task in tasks:
            task.path = self._path(task.block) if not task.path else task.path
            if self.named:
                task.weak.add("unit-heading")
            if lost and self._under_lost_number(task.block):
                task.weak.add("lost-number")
        return tasks

    def _under_lost_number(self, index: int) -> bool:
        while index >= 0:
            if self.blocks[index].lost:
                return True
            index = self.blocks[index].parent
        return False

    def _attach(self) -> dict[int, list[Clause]]:
        """Each clause to the last block that begins before it."""
        owned: dict[int, list[Clause]] = defaultdict(list)
        for clause in self.clauses:
            index = bisect_right(self.starts, clause.start) - 1
            if index >= 0 and clause.start < self.blocks[index].end:
                owned[index].append(clause)
        return owned

    def _attach_statements(self) -> None:
        """A last sentence that only says who does it, where an item has no other clause."""
        for index, block in enumerate(self.blocks):
            if any(c.assigns for c in self.owned.get(index, [])):
                continue
            statement = find_statement(self.folded, block.body, block.own_end)
            if statement:
                self.owned[index].append(statement)
                self.clauses.append(statement)

    def _attach_unit_headings(self) -> None:
        """Where nothing else assigns, headings that are only units' names: 一、县发改局 over its tasks."""
        for siblings in list(self.children.values()):
            over = [index for index in siblings if self.children[index]]
            clauses = {index: self._unit_heading(self.blocks[index]) for index in over}
            found = {index: clause for index, clause in clauses.items() if clause}
            if len(found) < _FEWEST_NAMED or len(found) < len(over):
                continue
            for index, clause in found.items():
                self.owned[index].append(clause)
                self.clauses.append(clause)
                self.named.add(index)

    def _unit_heading(self, block: Block) -> Clause | None:
        start, end = trim(self.folded, block.body, block.own_end, " \t\n:。;")
        if end - start > _HEADING_REACH:
            return None
        names = split_names(self.folded, start, end)
        said = [self.folded[name.start : name.end] for name in names.names]
        if not said or not all(is_unit(name) and not is_collective(name) for name in said):
            return None
        return Clause("heading", start, end, [Share("resp", None, names, start, end)])

    def _attach_sentences(self) -> None:
        for index, block in enumerate(self.blocks):
            sentence = find_sentence(self.folded, block.body, block.own_end)
            if sentence:
                self.owned[index].append(sentence)
                self.weak.add(index)

    def _close(self, assigned: set[int]) -> None:
        """A closing sentence goes to the items of its section that have none of their own."""
        for rule in self.closings:
            index = bisect_right(self.starts, rule.start) - 1
            if index < 0:
                continue
            clause = Clause("closing", rule.start, rule.end, rule.shares)
            run = next(
                r for r in self._runs(self.children[self.blocks[index].parent]) if index in r
            )
            below = [i for head in run for i in (head, *self._below(head))]
            covered = [i for i in below if self.blocks[i].start < rule.start]
            leaves = [i for i in covered if not self.children[i]]
            for leaf in leaves:
                if not any(c.assigns for c in self.owned.get(leaf, [])):
                    self.owned[leaf].append(clause)
                    assigned.add(leaf)

    def _lift(self, assigned: set[int]) -> None:
        """A clause behind a whole list (①…;②…。责任单位:X) belongs to the item above the list.

        So it is read where only the last of a list has a clause, and most lists of that kind in
        the document are like that.
        """
        lists: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        for parent, below in list(self.children.items()):
            if parent < 0 or len(below) < 2 or any(self.children[child] for child in below):
                continue
            owning = [child for child in below if child in assigned]
            if not owning:
                continue
            closes = owning == below[-1:] and parent not in assigned
            lists[self.blocks[below[0]].kind].append((parent, closes))
        for found in lists.values():
            closing = [parent for parent, closes in found if closes]
            if 3 * len(closing) < 2 * len(found) or (
                len(found) == 1 and not self._has_owning_peer(found[0][0], assigned)
            ):
                continue
            for parent in closing:
                last = self.children[parent][-1]
                self.owned[parent] = [*self.owned[parent], *self.owned.pop(last)]
                assigned.discard(last)
                assigned.add(parent)

    def _has_owning_peer(self, index: int, assigned: set[int]) -> bool:
        peers = self.children[self.blocks[index].parent]
        return any(peer in assigned for peer in peers if peer != index)

    def _below(self, parent: int) -> list[int]:
        found: list[int] = []
        for child in self.children[parent]:
            found += [child, *self._below(child)]
        return found

    def _ancestors(self, chosen: set[int]) -> set[int]:
        above: set[int] = set()
        for index in chosen:
            parent = self.blocks[index].parent
            while parent >= 0 and parent not in above:
                above.add(parent)
                parent = self.blocks[parent].parent
        return above

    def _heading_owners(self, assigned: set[int], above: set[int]) -> set[int]:
        """Blocks whose clause belongs to a heading and is inherited by the items below it.

        Most siblings are bare headings of items, or the clause stands in a short heading line
        and names a leader or heads a list that names nobody.
        """
        heads: set[int] = set()
        for parent in {self.blocks[index].parent for index in assigned & above}:
            peers = [peer for peer in self.children[parent] if peer in above]
            owning = assigned.intersection(peers)
            if len(peers) > 1 and 2 * len(owning) <= len(peers):
                heads |= owning
        for index in assigned - heads:
            if self.children[index] and self._owns_by_heading(index, assigned, above):
                heads.add(index)
        return heads

    def _owns_by_heading(self, index: int, assigned: set[int], above: set[int]) -> bool:
        block = self.blocks[index]
        own = [c for c in self.owned[index] if c.assigns]
        opening = self.folded[block.body : own[0].start].strip()
        if len(opening) > _HEADING_REACH or "\n" in opening or "。" in opening:
            return False
        below = self.children[index]
        if not any(child in assigned or child in above for child in below):
            return len(below) > 1
        return any(share.say == "leader" for c in own for share in c.shares)

    def _loose_heads(self, assigned: set[int], above: set[int]) -> set[int]:
        """Headings over unnumbered paragraphs with label lines of their own (TASK。⏎责任单位:X).

        Such a block has no numbers below and a heading line; it holds several tasks, or one like
        its siblings that hold several or are headings of items.
        """
        single: dict[int, int] = {}
        loose: set[int] = set()
        for index in assigned - above:
            groups = self._label_groups(index)
            if groups > 1:
                loose.add(index)
            elif groups == 1:
                single[index] = self.blocks[index].parent
        for index, parent in single.items():
            peers = [peer for peer in self.children[parent] if peer != index]
            over = sum(peer in above or peer in loose for peer in peers)
            cousins = sum(self.blocks[peer].kind == self.blocks[index].kind for peer in loose)
            if (over and 2 * over >= len(peers)) or cousins > len(single) > 0:
                loose = loose | {index}
        return loose

    def _label_groups(self, index: int) -> int:
        """How many paragraphs below a block's heading line end in label lines of their own."""
        block = self.blocks[index]
        line_end = self.folded.find("\n", block.body, block.own_end)
        if line_end < 0 or line_end - block.body > _HEADING_REACH:
            return 0
        clauses = [c for c in self.owned[index] if c.assigns and c.carrier != "closing"]
        if not clauses or clauses[0].start < line_end or clauses[0].carrier != "label":
            return 0
        if not self.folded[line_end : clauses[0].start].strip():
            return 0
        return len(self._paragraphs(line_end, clauses))

    def _paragraphs(self, start: int, clauses: list[Clause]) -> list[tuple[Span, list[Clause]]]:
        """Stretches that each end with their own clauses: text, then clauses, then text …"""
        found: list[tuple[Span, list[Clause]]] = []
        at = start
        group: list[Clause] = []
        for clause in clauses:
            between = self.folded[group[-1].end : clause.start] if group else ""
            broken = "\n" in self.folded[group[-1].end - 1 : clause.start] if group else False
            if group and between.strip(" \t\n。;") and broken:
                found.append(((at, group[-1].end), group))
                at, group = group[-1].end, []
            group.append(clause)
        if group:
            found.append(((at, max(c.end for c in group)), group))
        return found

    def _with_siblings(self, assigned: set[int], above: set[int]) -> list[int]:
        """The assigned blocks and their siblings of the same list, in reading order."""
        chosen: set[int] = set()
        for siblings in list(self.children.values()):
            for run in self._runs(siblings):
                if assigned.intersection(run):
                    chosen.update(i for i in run if i in assigned or i not in above)
        return sorted(chosen)

    def _runs(self, siblings: list[int]) -> list[list[int]]:
        """Siblings cut where the numbering restarts: a wrapper's 一、二、 and the plan's are two."""
        runs: list[list[int]] = []
        for index in siblings:
            block = self.blocks[index]
            last = self.blocks[runs[-1][-1]] if runs else None
            if last is None or block.number <= last.number - 1 or block.kind != last.kind:
                runs.append([])
            runs[-1].append(index)
        return runs

    def _make_tasks(self, chosen: list[int]) -> tuple[list[Task], dict[int, int]]:
        tasks: list[Task] = []
        task_of: dict[int, int] = {}
        for index in chosen:
            block = self.blocks[index]
            clauses = self.owned.get(index, [])
            task = self._task(index, clauses)
            task.parent = self._parent(index, task_of)
            task_of[index] = len(tasks)
            tasks.append(task)
            measure = self._unnumbered(block, clauses) if not block.first_child else None
            if measure:
                begin, later = measure
                task.clauses = [c for c in clauses if c.start < begin]
                tasks.append(
                    Task(begin, begin, block.end, block=index, parent=task_of[index], clauses=later)
                )
            if index + 1 == len(self.blocks) or self.blocks[index + 1].parent != index:
                tasks[-1].end = task.end = self._task_end(index, tasks[-1])
        self._close_parents(tasks)
        return tasks, task_of

    def _task(self, index: int, clauses: list[Clause]) -> Task:
        block = self.blocks[index]
        task = Task(block.start, block.body, block.end, block=index, number=block.number)
        task.label = trim(self.folded, block.start, block.body)
        task.clauses = [c for c in clauses if c.carrier != "closing"]
        task.inherited = [c for c in clauses if c.carrier == "closing"]
        if index in self.weak:
            task.weak.add("weak-sentence")
        return task

    def _close_parents(self, tasks: list[Task]) -> None:
        """A parent whose block ends with its last measure's ends where the measure does."""
        for task in reversed(tasks):
            if task.parent >= 0:
                parent = tasks[task.parent]
                ends = self.blocks[task.block].end == self.blocks[parent.block].end
                if parent.end > task.end and ends:
                    parent.end = task.end

    def _parent(self, index: int, task_of: dict[int, int]) -> int:
        parent = self.blocks[index].parent
        while parent >= 0:
            if parent in task_of:
                return task_of[parent]
            parent = self.blocks[parent].parent
        return -1

    def _unnumbered(self, block: Block, clauses: list[Clause]) -> tuple[int, list[Clause]] | None:
        """A single measure behind a lead-in, without a number but with a clause: 具体措施:抓好…(X负责)"""
        own = [i for i, c in enumerate(clauses) if c.assigns and c.carrier != "label"]
        for at, clause in enumerate(clauses[: own[-1]] if own else []):
            lead_in = clause.assigns and _LEAD_IN.match(self.folded, clause.end, block.own_end)
            if lead_in:
                return lead_in.end(), clauses[at + 1 :]
        return None

    def _task_end(self, index: int, task: Task) -> int:
        """Where an item ends: with its block, but the last of a list no later than its clause."""
        block = self.blocks[index]
        following = index + 1
        while following < len(self.blocks) and self.blocks[following].depth > block.depth:
            following += 1
        after = self.blocks[following] if following < len(self.blocks) else None
        limit = min([block.end, *(r.start for r in self.closings if block.body < r.start)])
        if after and after.parent == block.parent and after.number > block.number:
            end = limit
        elif any(clause.carrier != "sentence" for clause in task.clauses):
            # A star before the next number stands behind the block and in its last clause.
            end = min(block.end, max(clause.end for clause in task.clauses))
        else:
            newline = self.folded.find("\n", task.body, limit)
            end = limit if newline < 0 else newline
        while end > task.body and self.folded[end - 1] in " \t\n":
            end -= 1
        return max(task.body, end)

    def _paragraph_tasks(self, index: int, heads: set[int]) -> list[Task]:
        """The unnumbered items below a heading."""
        block = self.blocks[index]
        line_end = self.folded.find("\n", block.body, block.own_end)
        clauses = [c for c in self.owned[index] if c.start > line_end]
        self.owned[index] = [c for c in self.owned[index] if c.start < line_end]
        if any(c.assigns for c in self.owned[index]):
            heads.add(index)
        return self._unnumbered_tasks(line_end, clauses, index)

    def _unnumbered_tasks(self, start: int, clauses: list[Clause], block: int) -> list[Task]:
        tasks: list[Task] = []
        path = [
            *self._path(block),
            *([self.headings[block].words] if block in self.headings else []),
        ]
        for (a, b), group in self._paragraphs(start, clauses):
            first = self._last_paragraph(a, group[0].start)
            if first is None:
                continue
            end = min(b, self.blocks[block].end)
            task = Task(first, first, end, block=block, clauses=group, path=path)
            task.weak.add("unnumbered")
            tasks.append(task)
        return tasks

    def _last_paragraph(self, start: int, end: int) -> int | None:
        """Where the text of an unnumbered item begins: a clause's own line, or lines before it."""
        begin, _ = trim(self.folded, start, end)
        return begin if begin < end else None

    def _opening_tasks(self, tasks: list[Task]) -> list[Task]:
        """Unnumbered items of a text whose clauses stand before or without any number."""
        if tasks:
            return []
        limit = self.blocks[0].start if self.blocks else len(self.folded)
        clauses = [c for c in self.clauses if c.start < limit and c.assigns]
        if sum(c.carrier == "label" for c in clauses) < 2:
            return self._bullet_tasks(clauses)
        found: list[Task] = []
        for (a, b), group in self._paragraphs(0, clauses):
            begin = self._paragraph_start(a, group[0].start)
            if begin is not None:
                task = Task(begin, begin, b, clauses=group)
                task.weak.add("unnumbered")
                found.append(task)
        return found

    def _bullet_tasks(self, clauses: list[Clause]) -> list[Task]:
        """Lines that begin with a bullet and end with an owner: - 建立平台(創新科技署/教育局)."""
        found: list[Task] = []
        heading: Heading | None = None
        owned = {self.folded.rfind("\n", 0, clause.start) + 1: clause for clause in clauses}
        lines = [m.span() for m in _LINE.finditer(self.folded)] if len(clauses) > 2 else []
        for start, end in lines:
            clause = owned.get(start)
            a, b = trim(self.folded, start, end)
            bullet = _BULLET.match(self.folded, a, b)
            if clause and bullet and self.folded[clause.end : end].strip(" 。;") == "":
                task = Task(a, bullet.end(), max(b, clause.end), clauses=[clause])
                task.path = [heading.words] if heading else []
                task.weak.add("unnumbered")
                found.append(task)
                if heading:
                    self.headings.setdefault(-heading.words[0], heading)
            elif a < b and not clause:
                short = b - a <= _BULLET_HEADING and "。" not in self.folded[a:b]
                heading = Heading(None, (a, b), 1) if short else None
        return found if len(found) > 2 else []

    def _paragraph_start(self, start: int, end: int) -> int | None:
        """The last paragraph of text before a clause."""
        lines = [trim(self.folded, *m.span()) for m in _LINE.finditer(self.folded, start, end)]
        lines = [line for line in lines if line[1] > line[0]]
        return lines[-1][0] if lines else None

    def _inherit(self, heads: set[int], tasks: list[Task]) -> None:
        """What headings say goes to each item below, nearest heading first."""
        for task in tasks:
            if task.block < 0:
                continue
            parent = self.blocks[task.block].parent
            if task.block in heads:
                parent = task.block
            while parent >= 0:
                if parent in heads:
                    task.inherited.extend(c for c in self.owned[parent] if c.carrier != "closing")
                parent = self.blocks[parent].parent

    def _add_heading(self, index: int) -> None:
        block = self.blocks[index]
        clauses = [c for c in self.owned[index] if c.carrier != "heading"]
        limit = min([block.own_end, *(c.start for c in clauses if c.start > block.body)])
        span = (block.body, find_heading_end(self.folded, block.body, limit))
        label = trim(self.folded, block.start, block.body)
        self.headings[index] = Heading(label, trim(self.folded, *span), block.depth + 1)

    def _path(self, index: int) -> list[Span]:
        """The headings above a block, outermost first; a measure's stop above its parent."""
        path = []
        above = self.blocks[index].parent if index >= 0 else -1
        while above >= 0:
            if above in self.headings:
                path.append(self.headings[above].words)
            above = self.blocks[above].parent
        return path[::-1]

    def headings_above(self, position: int) -> list[Span]:
        """The headings that a table stands under: the blocks around it, if they are headings."""
        index = bisect_right(self.starts, position) - 1
        if index < 0 or self.blocks[index].end < position:
            return []
        block = self.blocks[index]
        between = self.folded[block.body : position].strip()
        if len(between) > _HEADING_REACH or "。" in between.rstrip("。"):
            return []
        chain = [index]
        while self.blocks[chain[-1]].parent >= 0:
            chain.append(self.blocks[chain[-1]].parent)
        for one in chain:
            if one not in self.headings:
                self._add_heading(one)
        return [self.headings[one].words for one in reversed(chain)]


def _apply_rules(plan: Plan) -> None:
    """Standing sentences go to every item after theirs; the first-leads note says from where."""
    tasks = plan.tasks
    starts = [task.start for task in tasks]
    for rule in plan.rules:
        index = bisect_right(starts, rule.start) - 1
        inside = index >= 0 and rule.start < tasks[index].end
        if rule.code == "standing":
            clause = Clause("standing", rule.start, rule.end, rule.shares)
            for task in tasks[bisect_left(starts, rule.start) :]:
                task.standing.append(clause)
        elif rule.code == "marked-leads":
            plan.stars_lead = True
        elif rule.code == "first-leads" and plan.first_leads_from is None:
            clauses = tasks[index].clauses if inside else []
            own = [c.start for c in clauses if c.start <= rule.start < c.end + 1]
            plan.first_leads_from = own[0] if own else 0
