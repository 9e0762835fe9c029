// What a drawn clock is at a time, when its levels are true, and whose time it was.
#include <algorithm>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "tests/engine/child/naive/picture.h"

namespace dolen::second {
namespace {

using pathway::v1::Amount;

int SignOf(const Amount& offset) {
  const int number = NumberOf(offset);
  return number < 0 ? -1 : number > 0 ? 1 : 0;
}

}  // namespace

bool IsExcusedAt(const Clock& clock, absl::Time t) {
  return std::any_of(clock.excuses.begin(), clock.excuses.end(),
                     [&](const Excuse& excuse) { return excuse.from <= t && t < excuse.until; });
}

std::string StateAt(const Clock& clock, absl::Time t) {
  if (clock.closed_by == ClosedBy::kVoided) return "cancelled";
  if (clock.start.from > t) return "not_started";
  const bool has_due = clock.due != absl::InfiniteFuture();
  if (clock.close.from <= t) {
    const bool before_due = !has_due || clock.close.from < clock.due;
    if (clock.closed_by == ClosedBy::kCancel && before_due) return "cancelled";
    if (clock.no_calendar) return "no_calendar";
    if (before_due) return has_due ? "in_time" : "done";
    return IsExcusedAt(clock, clock.close.from) ? "excused" : "late";
  }
  if (clock.no_calendar) return "no_calendar";
  if (!clock.speaks) return "standing";
  if (t >= clock.due) return IsExcusedAt(clock, t) ? "excused" : "overdue";
  return HolderAt(clock.question, clock.answer, t) != nullptr ? "paused" : "running";
}

std::vector<Excuse> TruthOf(const Clock& clock, int level) {
  const bool of_target = clock.rule.level(level).of_target();
  if (clock.closed_by == ClosedBy::kVoided || clock.levels[level] == absl::InfiniteFuture()) {
    return {};
  }
  const absl::Time begin = std::max(clock.start.from, clock.levels[level]);
  absl::Time end = clock.close.from;
  if (!of_target && SignOf(clock.rule.level(level).offset()) < 0) end = std::min(end, clock.due);

  std::vector<Excuse> truths = {{begin, end}};
  for (const Excuse& excuse : clock.excuses) {
    std::vector<Excuse> left;
    for (const Excuse& truth : truths) {
      left.push_back({truth.from, std::min(truth.until, excuse.from)});
      left.push_back({std::max(truth.from, excuse.until), truth.until});
      if (excuse.until <= excuse.from) left = {truth};
    }
    truths = std::move(left);
  }
  const auto is_empty_or_silent = [&](const Excuse& truth) {
    const auto silences = [&](absl::Time too_late) { return truth.from >= too_late; };
    return truth.from >= truth.until ||
           std::any_of(clock.too_late.begin(), clock.too_late.end(), silences);
  };
  truths.erase(std::remove_if(truths.begin(), truths.end(), is_empty_or_silent), truths.end());
  std::sort(truths.begin(), truths.end(),
            [](const Excuse& x, const Excuse& y) { return x.from < y.from; });
  return truths;
}

std::map<std::string, absl::Duration> SharesOf(const Clock& clock, const Library& library,
                                               absl::Time reached) {
  std::map<std::string, absl::Duration> shares;
  for (const auto& [whose, time] : TimesOf(clock, library, reached)) shares[whose.first] += time;
  return shares;
}

Times TimesOf(const Clock& clock, const Library& library, absl::Time reached) {
  Times shares;
  if (clock.closed_by == ClosedBy::kVoided) return shares;
  const absl::Time end = std::min(clock.close.from, reached);
  Question question = clock.question;
  question.horizon = end;
  const DueAnswer answer = Due(question, library);
  std::set<absl::Time> edges = {clock.start.from, end};
  for (const Charge& charge : answer.charges) edges.insert({charge.from, charge.to});
  for (const Hold& hold : question.holds) edges.insert({hold.begin, hold.end});
  for (const auto& [from, agency] : clock.parties_from.at(clock.rule.accountable())) {
    edges.insert(from);
  }
  for (auto edge = edges.begin(); std::next(edge) != edges.end(); ++edge) {
    if (*edge < clock.start.from || *edge >= end) continue;
    const Hold* hold = HolderAt(question, answer, *edge);
    const bool is_owned = hold != nullptr && !hold->owner.empty();
    std::string whose;
    for (const auto& [from, agency] :
         clock.parties_from.at(is_owned ? hold->owner : clock.rule.accountable())) {
      if (from <= *edge) whose = agency;
    }
    shares[{whose, hold != nullptr}] += *std::next(edge) - *edge;
  }
  return shares;
}

std::vector<absl::Time> BreachesOf(const std::vector<Clock>& clocks, const std::vector<Said>& said,
                                   const Library& library) {
  const absl::Time never = absl::InfiniteFuture();
  std::map<std::tuple<std::string, std::string, std::string>, absl::Time> first;
  std::set<absl::Time> times;
  for (const Clock& clock : clocks) {
    for (const Entry& entry : LiveOf(said, clock.zone, false)) times.insert(entry.span.from);
  }
  for (auto since = times.begin(); since != times.end(); ++since) {
    const absl::Time until = std::next(since) == times.end() ? never : *std::next(since);
    for (const Clock& then : Draw(said, library, *since)) {
      std::set<absl::Time> turns = {*since, then.start.from, then.due};
      for (const Excuse& excuse : then.excuses) turns.insert(excuse.until);
      for (const absl::Time t : turns) {
        if (t < *since || t >= until || t == never || then.due > t) continue;
        const std::string state = StateAt(then, t);
        if (state != "overdue" && state != "late") continue;
        first.emplace(std::make_tuple(then.rule.id(), then.key, then.root), t);
        break;
      }
    }
  }
  std::vector<absl::Time> breaches;
  for (const Clock& clock : clocks) {
    const auto found = first.find({clock.rule.id(), clock.key, clock.root});
    const bool ghost = clock.closed_by == ClosedBy::kVoided;
    breaches.push_back(ghost || found == first.end() ? never : found->second);
  }
  return breaches;
}

std::string Text(const Clock& clock, const RootName& root_name) {
  std::string text = absl::StrCat(clock.Name(root_name), " start ", Micro(clock.start.from), "..",
                                  Micro(clock.start.to), " close ", Micro(clock.close.from));
  if (clock.closed_by == ClosedBy::kCancel) absl::StrAppend(&text, " cancelled");
  if (clock.closed_by == ClosedBy::kVoided) absl::StrAppend(&text, " voided");
  if (clock.no_calendar) absl::StrAppend(&text, " no_calendar");
  absl::StrAppend(&text, " due ", Micro(clock.due), " target ", Micro(clock.target), " by ",
                  clock.accountable, " backfill ", clock.backfill, " levels");
  for (const absl::Time level : clock.levels) absl::StrAppend(&text, " ", Micro(level));
  for (const Excuse& excuse : clock.excuses) {
    absl::StrAppend(&text, " excused ", Micro(excuse.from), "..", Micro(excuse.until));
  }
  return text;
}

}  // namespace dolen::second
