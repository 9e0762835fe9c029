// The part of story.h that looks at pictures.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "tests/engine/child/story.h"

namespace dolen::story {

Picture Arrive(const std::vector<Event>& events, const Books& books) {
  History history;
  Picture picture;
  picture.books = books.publications();
  std::vector<Event> so_far;
  for (const Event& event : events) {
    so_far.push_back(event);
    if (history.Insert(event) == Placed::kAtEnd && Advance(event, books, picture)) continue;
    std::vector<Event> ordered = so_far;
    std::sort(ordered.begin(), ordered.end(),
              [](const Event& x, const Event& y) { return x.Order() < y.Order(); });
    picture = Draw(ordered, books);
  }
  return picture;
}

void ExpectLeftOf(const Picture& left, const Picture& whole) {
  const auto name_of = [](const Picture& picture, int matter) {
    return matter < 0 ? "" : picture.matters[matter].Name();
  };
  size_t found = 0;
  for (const Duty& duty : whole.duties) {
    const auto has_ended = [](const Clock& clock) {
      return clock.closed_by == ClosedBy::kStop || clock.closed_by == ClosedBy::kCancel;
    };
    const auto its = std::find_if(left.duties.begin(), left.duties.end(), [&](const Duty& one) {
      return one.family == duty.family && one.key == duty.key &&
             name_of(left, one.matter) == name_of(whole, duty.matter);
    });
    if (its == left.duties.end()) {
      EXPECT_FALSE(left.asleep.empty());
      EXPECT_TRUE(std::all_of(duty.clocks.begin(), duty.clocks.end(), has_ended));
      continue;
    }
    ++found;
    Duty mine = *its;  // as it would stand in the whole picture
    const auto place = [&](int matter) {
      const auto at = std::find_if(
          whole.matters.begin(), whole.matters.end(),
          [&](const Matter& one) { return one.Name() == left.matters[matter].Name(); });
      return static_cast<int>(at - whole.matters.begin());
    };
    for (Hit& hit : mine.hits) {
      if (hit.opening) hit.opening->matter = place(hit.opening->matter);
    }
    for (Clock& clock : mine.clocks) clock.matter = place(clock.matter);
    mine.matter = duty.matter;
    size_t kept = 0;
    for (const Clock& clock : duty.clocks) {
      if (kept < mine.clocks.size() && mine.clocks[kept] == clock) {
        ++kept;
      } else {
        EXPECT_TRUE(has_ended(clock)) << "forgotten too early, or changed";
      }
    }
    EXPECT_EQ(kept, mine.clocks.size()) << "clocks that are not in the whole picture";
    mine.clocks = duty.clocks;
    EXPECT_TRUE(mine == duty) << "what the duty has seen differs";
  }
  EXPECT_EQ(found, left.duties.size()) << "duties that are not in the whole picture";
  EXPECT_TRUE(left.holds.size() == whole.holds.size() && left.birth_month == whole.birth_month &&
              left.family == whole.family && left.language == whole.language &&
              left.awaited == whole.awaited && left.has_voided == whole.has_voided &&
              left.corrected_to == whole.corrected_to);
}

Picture PictureOf(const std::vector<Said>& said, const Books& books) {
  const std::vector<Event> events = EventsOf(said);
  const Picture first = Arrive(events, books);
  std::vector<int> order(events.size());
  std::iota(order.begin(), order.end(), 0);
  while (events.size() <= 5 && std::next_permutation(order.begin(), order.end())) {
    std::vector<Event> arrived;
    for (const int i : order) arrived.push_back(events[i]);
    EXPECT_EQ(Arrive(arrived, books), first) << "arrival in another order";
  }
  return first;
}

std::string ClockAt(const Picture& picture, absl::string_view at) {
  std::string text;
  ForEachClock(picture, [&](const Duty&, const Clock& clock) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", StateName(StateAt(clock, At(at))), " from ",
                    Text(clock.start.from));
    if (clock.due != absl::InfiniteFuture()) absl::StrAppend(&text, " due ", Text(clock.due));
    if (!clock.close.IsNever()) absl::StrAppend(&text, " closed ", Text(clock.close.from));
  });
  return text.empty() ? "none" : text;
}

std::vector<std::string> ClocksAt(const Picture& picture, const Books& books,
                                  absl::string_view at) {
  std::vector<std::pair<absl::Time, std::string>> lines;
  ForEachClock(picture, [&](const Duty& duty, const Clock& clock) {
    std::string name = ClockName(picture, duty, clock, books);
    if (clock.root != 0) name = absl::StrCat(name.substr(0, name.size() - 16), "*");
    std::string line = absl::StrCat(name, " ", StateName(StateAt(clock, At(at))));
    if (clock.due != absl::InfiniteFuture()) {
      const std::string due = Text(clock.due);
      const bool midnight = due.substr(10) == " 00:00";
      absl::StrAppend(&line, midnight ? " last " : " due ",
                      midnight ? Text(clock.due - absl::Minutes(1)).substr(0, 10) : due);
    }
    if (clock.closed_by == ClosedBy::kVoided) absl::StrAppend(&line, " voided");
    lines.emplace_back(clock.start.from, std::move(line));
  });
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> texts;
  for (auto& [start, line] : lines) texts.push_back(std::move(line));
  return texts;
}

std::string PictureText(const Picture& picture, const Books& books) {
  std::string text;
  for (const Matter& matter : picture.matters) {
    absl::StrAppend(&text, "matter ", matter.Name(), " after ", matter.continues_agency, ":",
                    matter.continues_id, "\n");
    for (const Ask& ask : matter.asks) {
      absl::StrAppend(&text, "  ", Text(ask.at.at), " ", ask.asker, " asks ", ask.asked, " ",
                      static_cast<int>(ask.kind), ask.is_taken_on ? " taken on " : " ", ask.reason,
                      " accepted ", Text(ask.accepted.at), " over ", Text(ask.over.at), "\n");
    }
  }
  for (const Duty& duty : picture.duties) {
    absl::StrAppend(&text, "duty ", books.families()[duty.family].id, " ", duty.matter, " ",
                    duty.key, duty.is_partial ? " partial" : "", "\n");
    for (const Clock& clock : duty.clocks) {
      absl::StrAppend(
          &text, "  clock ", ClockName(picture, duty, clock, books), " v", clock.version, " ",
          Text(clock.start.from), " due ", Text(clock.due), " closed ", Text(clock.close.from),
          " recorded ", absl::FormatTime(clock.close_recorded, London()), " by ",
          static_cast<int>(clock.closed_by), clock.settled ? " settled" : "", " breached ",
          Text(clock.breached_at), " starter ", clock.starter, " matter ", clock.matter, "\n");
    }
    for (const Hit& hit : duty.hits) {
      absl::StrAppend(&text, "  hit v", hit.version, " use ", hit.use, " ", Text(hit.moment.from),
                      " root ", absl::Hex(hit.root), " ", hit.cause, "\n");
    }
    for (const Exception& one : duty.exceptions) {
      absl::StrAppend(&text, "  exception v", one.version, " ", Text(one.moment.from), "\n");
    }
    for (const Came& one : duty.came) {
      absl::StrAppend(&text, "  came v", one.version, " use ", one.use, " ", Text(one.from), "\n");
    }
    for (const Cursor& one : duty.cursors) {
      absl::StrAppend(&text, "  cursor v", one.version, one.done ? " done" : "", " after ",
                      absl::FormatTime(one.after, London()), " breached ", Text(one.breached),
                      "\n");
    }
    for (const uint64_t one : duty.occasions) {
      absl::StrAppend(&text, "  occasion ", absl::Hex(one), "\n");
    }
  }
  for (const Acting& one : picture.acting) {
    absl::StrAppend(&text, "acting ", one.party, " ", one.agency, " in ", one.matter, " from ",
                    Text(one.from.at), "\n");
  }
  for (const Hold& one : picture.holds) {
    absl::StrAppend(&text, "hold ", one.part, " ", one.agency, " ", Text(one.from.at), " to ",
                    Text(one.to.at), "\n");
  }
  for (const uint64_t one : picture.awaited) {
    absl::StrAppend(&text, "awaited ", absl::Hex(one), "\n");
  }
  absl::StrAppend(&text, "born ", picture.birth_month, " of ", picture.family, " in ",
                  picture.language, picture.has_voided ? " voided" : "", " corrected to ",
                  absl::FormatTime(picture.corrected_to, London()), "\n");
  return text;
}

std::vector<std::string> FiguresText(const Figures& figures, const std::string& language) {
  std::vector<std::string> lines = {"language " + language};
  using Numbers = std::map<std::string, int64_t>;
  const auto put = [&](const std::string& name, absl::CivilMonth month, const Numbers& numbers) {
    absl::StrAppend(&lines.emplace_back(name), " in ", absl::FormatCivilTime(month).substr(0, 7));
    for (const auto& [what, number] : numbers) {
      if (number != 0) absl::StrAppend(&lines.back(), "; ", what, " ", number);
    }
  };
  for (const auto& [group, its] : figures.asks) {
    Numbers numbers = {{"asks", its.asks},
                       {"taken_on", its.taken_on},
                       {"passed_on", its.passed_on},
                       {"back", its.back}};
    for (const auto& [reason, count] : its.declined) numbers["declined " + reason] = count;
    put(absl::StrCat("asks ", group.asker, " to ", group.asked), group.month, numbers);
  }
  for (const auto& [group, its] : figures.clocks) {
    Numbers numbers = {{"in_time", its.in_time},
                       {"late", its.late},
                       {"excused", its.excused},
                       {"cancelled", its.cancelled},
                       {"done", its.done},
                       {"no_calendar", its.no_calendar},
                       {"untold", its.untold},
                       {"late_by_report", its.late_by_report},
                       {"action", absl::ToInt64Microseconds(its.action)},
                       {"overrun", absl::ToInt64Microseconds(its.overrun)},
                       {"reporting", absl::ToInt64Microseconds(its.reporting)}};
    for (const auto& [whose, time] : its.shares) {
      numbers[absl::StrCat(whose.is_paused ? "paused by " : "with ", whose.who)] =
          absl::ToInt64Microseconds(time);
    }
    put(absl::StrCat("clocks ", group.rule, " by ", group.agency), group.month, numbers);
  }
  std::sort(std::next(lines.begin()), lines.end());
  return lines;
}

}  // namespace dolen::story
