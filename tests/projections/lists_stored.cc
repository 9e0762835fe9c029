#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "projections/alerts/alerts_view.h"
#include "projections/responsibility/responsibility.h"
#include "projections/worklist/worklist.h"
#include "tests/projections/lists.h"

namespace dolen::lists {
namespace {

constexpr size_t kAll = 1'000'000;

std::string TimeText(bool has, int64_t micros) { return has ? absl::StrCat(micros) : "-"; }

std::string TextOf(const WorkItem& item, const Books& books) {
  const store::v1::WorkRow& row = item.row;
  const RuleFamily* family = books.FindFamily(row.rule());
  DOLEN_CHECK(family != nullptr);
  std::string alert = "none";
  if (!row.alert_id().empty()) {
    alert = absl::StrCat(absl::BytesToHexString(row.alert_id()), " ", row.alert_level(), " ",
                         row.alert_state(), " ", row.assigned_to());
  }
  return absl::StrCat(
      item.child.Hex(), " ", row.clock(), " matter ", row.matter_agency(), " ", row.matter_id(),
      " rule ", RuleText(family->versions.at(row.version()).rule), " by ", row.accountable(),
      " for ", row.waits(), " from ", TimeText(row.has_start(), row.start()), " due ",
      TimeText(row.has_due(), row.due()), " target ", TimeText(row.has_target(), row.target()), " ",
      StateName(item.state), " ", item.paused_by, " alert ", alert);
}

std::vector<WorkItem> PageByPage(const StoreReader& store, WorkQuery query, absl::Time at) {
  std::vector<WorkItem> all;
  query.limit = 3;
  for (;;) {
    const auto page = ReadWorklist({{&store, at}}, query);
    DOLEN_CHECK(page.ok());
    all.insert(all.end(), page->begin(), page->end());
    if (page->size() < query.limit) return all;
    query.after = page->back().place;
  }
}

void AddWork(const StoreReader& store, const Books& books, absl::Time at, const std::string& agency,
             std::vector<std::string>& lines) {
  for (const WorkSide side : {WorkSide::kMine, WorkSide::kWaiting}) {
    const auto items = ReadWorklist({{&store, at}}, {agency, side, "", {}, "", kAll});
    ASSERT_TRUE(items.ok()) << items.status();
    absl::Time before = absl::InfinitePast();
    for (const WorkItem& item : *items) {
      const absl::Time due =
          item.row.has_due() ? FromMicros(item.row.due()) : absl::InfiniteFuture();
      EXPECT_GE(due, before) << agency << ": what will be late first stands first";
      before = due;
      lines.push_back(
          absl::StrCat(side == WorkSide::kMine ? "mine " : "waiting ", TextOf(item, books)));
    }
  }
}

void AddResponsibilityLines(const StoreReader& store, const Zone& zone, absl::Time at,
                            const std::string& agency, std::vector<std::string>& lines) {
  Responsibility all;
  const absl::Status read = ReadResponsibility(store, agency, at, zone, all);
  ASSERT_TRUE(read.ok()) << read;
  for (const HoldingLine& line : all.holdings) {
    lines.push_back(absl::StrCat(line.child.Hex(), " holds '", line.part, "' since ", line.since,
                                 " by ", line.by));
  }
  for (const HandoverLine& line : all.handovers) {
    const std::string child = line.child.Hex();
    switch (line.kind) {
      case HandoverLine::kGap:
        lines.push_back(
            absl::StrCat(child, " gap '", line.part, "' ", line.from, " since ", line.since));
        break;
      case HandoverLine::kOverlap:
        lines.push_back(absl::StrCat(child, " overlap '", line.part, "' ", line.from, " ", line.to,
                                     " since ", line.since));
        break;
      case HandoverLine::kOffered:
        lines.push_back(absl::StrCat(child, " offered ", line.matter, " '", line.part, "' ",
                                     line.from, " ", line.to, " since ", line.since, " due ",
                                     second::Micro(line.due)));
        break;
    }
  }
}

void AddAlerts(const StoreReader& store, const std::string& agency,
               std::vector<std::string>& lines) {
  const auto alerts = AlertsOfAgency({&store}, {agency, "", "", kAll});
  ASSERT_TRUE(alerts.ok()) << alerts.status();
  absl::Time before = absl::InfinitePast();
  for (const AgencyAlert& one : *alerts) {
    const alert::v1::Alert& alert = one.alert;
    const absl::Time due = FromTimestamp(alert.due());
    EXPECT_GE(due, before) << agency << ": the earliest due stands first";
    before = due;
    lines.push_back(absl::StrCat("alert ", AlertText(alert)));
  }
}

}  // namespace

std::set<std::string> AgenciesIn(const StoreReader& store) {
  const WorklistView work{};
  const ResponsibilityView responsibility{};
  const AlertsView alerts{};
  std::set<std::string> agencies;
  for (const View* view : std::initializer_list<const View*>{&work, &responsibility, &alerts}) {
    const std::string prefix = ViewKey(*view);
    DOLEN_CHECK(store
                    .Scan(prefix,
                          [&](absl::string_view key, absl::string_view) {
                            const absl::string_view row = key.substr(prefix.size());
                            agencies.insert(std::string(row.substr(0, row.find('\0'))));
                            return true;
                          })
                    .ok());
  }
  return agencies;
}

Lists Stored(const StoreReader& store, const Books& books, absl::Time at) {
  Lists lists;
  for (const std::string& agency : AgenciesIn(store)) {
    std::vector<std::string> lines;
    AddWork(store, books, at, agency, lines);
    AddResponsibilityLines(store, books.zone(), at, agency, lines);
    std::sort(lines.begin(), lines.end());
    if (!lines.empty()) lists[agency] = std::move(lines);
  }
  return lists;
}

Lists StoredAlerts(const StoreReader& store) {
  Lists lists;
  for (const std::string& agency : AgenciesIn(store)) {
    std::vector<std::string> lines;
    AddAlerts(store, agency, lines);
    std::sort(lines.begin(), lines.end());
    if (!lines.empty()) lists[agency] = std::move(lines);
  }
  return lists;
}

void ExpectPages(const StoreReader& store, absl::Time at) {
  for (const std::string& agency : AgenciesIn(store)) {
    for (const WorkSide side : {WorkSide::kMine, WorkSide::kWaiting}) {
      const WorkQuery query{agency, side, "", {}, "", kAll};
      const auto items = ReadWorklist({{&store, at}}, query);
      ASSERT_TRUE(items.ok()) << items.status();
      const std::vector<WorkItem> in_pages = PageByPage(store, query, at);
      ASSERT_EQ(in_pages.size(), items->size()) << agency;
      for (size_t i = 0; i < items->size(); ++i) {
        EXPECT_EQ(in_pages[i].place, (*items)[i].place) << agency;
      }
    }
  }
}

}  // namespace dolen::lists
