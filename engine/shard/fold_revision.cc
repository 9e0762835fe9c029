// How alerts continue when the fold revision changes: from what was published, as the ledger states
// it, and with the difference held back until an operator has looked.
#include <algorithm>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "engine/shard/fold.h"
#include "engine/store/keys.h"

namespace dolen {
namespace {

using alert::v1::Alert;

bool IsOpen(const Alert& alert) {
  return alert.state() != alert::v1::STATE_CLEARED && alert.state() != alert::v1::STATE_WITHDRAWN;
}

// What must be said so that those who read `published` (number 0: nothing was) know `told`.
// STATE_UNSPECIFIED: they do.
alert::v1::State DifferenceOf(const ChildKey& child, const Told& told, const Alert& published,
                              const Books& books) {
  const bool was_said = published.number() > 0;
  if (!was_said && !told.IsOpen()) return alert::v1::STATE_UNSPECIFIED;
  if (!told.IsOpen()) {
    return published.state() == told.state ? alert::v1::STATE_UNSPECIFIED : told.state;
  }
  if (!was_said || !IsOpen(published)) return RaisedStateOf(told, books);
  const Alert now = AlertOf(child, told, books);
  const bool same = FromTimestamp(now.due()) == FromTimestamp(published.due()) &&
                    FromTimestamp(now.since()) == FromTimestamp(published.since()) &&
                    now.accountable() == published.accountable();
  return same ? alert::v1::STATE_UNSPECIFIED : alert::v1::STATE_AMENDED;
}

// What was said, of a clock that this revision does not know: by its lights it never was.
Told Gone(const Alert& published, const Books& books) {
  Told told;
  told.clock = published.clock();
  told.level = published.level();
  told.rule = published.rule();
  told.version = -1;
  if (const RuleFamily* family = books.FindFamily(told.rule); family != nullptr) {
    for (size_t i = 0; i < family->versions.size(); ++i) {
      if (family->versions[i].book_version != published.book_version()) continue;
      told.version = static_cast<int>(i);
    }
  }
  told.matter_agency = published.matter_agency();
  told.matter_id = published.matter_id();
  told.accountable = published.accountable();
  told.state = alert::v1::STATE_WITHDRAWN;
  told.number = published.number();
  told.due = FromTimestamp(published.due());
  told.since = FromTimestamp(published.since());
  told.to.assign(published.to().begin(), published.to().end());
  told.household = published.household();
  told.assigned_to = published.assigned_to();
  return told;
}

}  // namespace

void Fold::ApplyPublishedPage(const ledger::v1::PublishedPage& page) {
  if (page.page() == 0) {
    DropPages();
    row_.set_attempt(page.attempt());
  } else if (page.attempt() != row_.attempt() || page.page() != row_.pages()) {
    return;  // another reading has begun meanwhile
  }
  row_.set_pages(page.page() + 1);
  batch_.Put(keys::Published(page.page()), page.SerializeAsString());
}

void Fold::DropPages() {
  for (uint32_t page = 0; page < row_.pages(); ++page) batch_.Delete(keys::Published(page));
  row_.set_pages(0);
  row_.set_attempt(0);
}

absl::Status Fold::ApplyRevision(uint32_t revision, const ledger::v1::Continued& from) {
  if (revision > options_.revision) {
    return absl::FailedPreconditionError(absl::StrCat("the ledger is folded by revision ", revision,
                                                      ", this release has ", options_.revision,
                                                      "; install the newer one"));
  }
  const bool is_whole =
      from.pages() == 0 || (from.attempt() == row_.attempt() && from.pages() == row_.pages());
  // What an older release said is not what this one continues from; and of two that state it at
  // once the first counts.
  if (revision < options_.revision || !is_whole || from.after() != row_.stated_at()) {
    if (is_whole) DropPages();
    return absl::OkStatus();
  }
  DOLEN_ASSIGN_OR_RETURN(const PublishedByChild published, ReadPages(from.pages()));
  DropPages();
  row_.set_stated(0);  // until all are compared nothing is said
  DropOutbox();
  for (const auto& [id, unused] : held_) batch_.Delete(keys::Held(id));
  held_.clear();
  DOLEN_RETURN_IF_ERROR(
      ContinueAlerts(published, from.has_until() ? FromMicros(from.until()) : reached()));
  row_.set_stated(revision);
  row_.set_stated_at(row_.next_offset() + 1);
  row_.set_continued_from(from.shard_number());
  row_.set_alerts(from.shard_number());
  outbox_from_ = from.shard_number() + 1;
  return absl::OkStatus();
}

// The pages are in the store, since the batch was written before this record.
absl::StatusOr<Fold::PublishedByChild> Fold::ReadPages(uint32_t pages) const {
  PublishedByChild published;
  for (uint32_t number = 0; number < pages; ++number) {
    DOLEN_ASSIGN_OR_RETURN(const absl::optional<std::string> row,
                           store_->Get(keys::Published(number)));
    ledger::v1::PublishedPage page;
    if (!row || !page.ParseFromString(*row)) {
      return absl::DataLossError(absl::StrCat("store: page ", number,
                                              " of what was published "
                                              "is missing or cannot be parsed"));
    }
    for (const std::string& bytes : page.alert()) {
      Alert alert;
      ChildKey child;
      if (!alert.ParseFromString(bytes) || !ChildKey::FromHex(alert.child(), child)) {
        return absl::DataLossError(absl::StrCat("ledger partition ", options_.shard,
                                                " before offset ", row_.next_offset(),
                                                ": a published alert that is none"));
      }
      published[child].push_back(std::move(alert));
    }
  }
  return published;
}

void Fold::DropOutbox() {
  for (; outbox_from_ <= row_.alerts(); ++outbox_from_) batch_.Delete(keys::Outbox(outbox_from_));
  said_.clear();
  outgoing_.clear();
}

// Every child, in the order of their keys. Those who are due by `until` are looked at as a tick
// does it: what became true by then is the difference, not news.
absl::Status Fold::ContinueAlerts(const PublishedByChild& published, absl::Time until) {
  std::vector<ChildKey> children;
  DOLEN_RETURN_IF_ERROR(store_->Scan("c", [&](absl::string_view key, absl::string_view) {
    ChildKey child;
    if (ChildKey::FromBytes(key.substr(1), child)) children.push_back(child);
    return true;
  }));
  for (const auto& [child, unused] : published) children.push_back(child);
  std::sort(children.begin(), children.end());
  children.erase(std::unique(children.begin(), children.end()), children.end());
  const std::vector<Alert> nothing;
  for (const ChildKey& key : children) {
    DOLEN_ASSIGN_OR_RETURN(Children::Child * child, children_.Find(key));
    const auto said = published.find(key);
    const bool is_due = due_.Of(key) <= until;
    const bool spoke = !child->state.alerts.empty() || child->state.alert_pages > 0;
    if (!is_due && said == published.end() && !spoke) continue;
    children_.Change(*child);
    if (is_due) DOLEN_RETURN_IF_ERROR(LookAgain(*child, MayRaise::kYes, until));
    if (child->state.alert_pages > 0) DOLEN_RETURN_IF_ERROR(DrawAgain(*child));
    ContinueFrom(said == published.end() ? nothing : said->second, *child);
  }
  return absl::OkStatus();
}

void Fold::ContinueFrom(const std::vector<Alert>& published, Children::Child& child) {
  Alerts& alerts = child.state.alerts;
  absl::btree_map<std::pair<absl::string_view, absl::string_view>, const Alert*> by_name;
  for (const Alert& alert : published) by_name[{alert.clock(), alert.level()}] = &alert;
  Alerts continued;
  for (Told& told : alerts) {
    static const Alert kNever;
    const auto said = by_name.find({told.clock, told.level});
    if (HoldDifference(child.key, said == by_name.end() ? kNever : *said->second, told)) {
      continued.push_back(std::move(told));
    }
    if (said != by_name.end()) by_name.erase(said);
  }
  for (const auto& [unused, alert] : by_name) {
    Told told = Gone(*alert, books_);
    (void)HoldDifference(child.key, *alert, told);
    continued.push_back(std::move(told));
  }
  std::sort(continued.begin(), continued.end(), Before);
  alerts = std::move(continued);
}

bool Fold::HoldDifference(const ChildKey& child, const Alert& published, Told& told) {
  const alert::v1::State change = DifferenceOf(child, told, published, books_);
  const std::string id = AlertId(child, told.clock, told.level);
  told.number = published.number();
  if (change == alert::v1::STATE_UNSPECIFIED) {
    if (held_.erase(id) > 0) batch_.Delete(keys::Held(id));
    if (published.number() > 0) told.state = published.state();
    return published.number() > 0;
  }
  ++told.number;
  told.state = change;
  Alert alert = AlertOf(child, told, books_);
  *alert.mutable_at() = ToTimestamp(reached());
  alert.set_shard(options_.shard);
  alert.set_fold_revision(options_.revision);
  store::v1::HeldRow row;
  if (published.number() > 0) row.set_published(published.SerializeAsString());
  row.set_change(alert.SerializeAsString());
  held_[id] = row.published();
  batch_.Put(keys::Held(id), row.SerializeAsString());
  return true;
}

// A held alert changed: it stays held, as what it says now.
void Fold::HoldAgain(const Alert& change, Children::Child& child) {
  Alert published;
  if (!published.ParseFromString(held_.at(change.alert_id()))) published.Clear();
  Alerts& alerts = child.state.alerts;
  Told* const told = FindTold(alerts, change.clock(), change.level());
  if (told != nullptr && !HoldDifference(child.key, published, *told)) {
    alerts.erase(alerts.begin() + (told - alerts.data()));
  }
}

// The held rows are in the store, since the batch was written before this record.
absl::Status Fold::ApplyRelease(const ledger::v1::RevisionRelease& release) {
  if (!speaks() || release.revision() != options_.revision) return absl::OkStatus();
  std::vector<Alert> changes;
  absl::Status parsed;
  DOLEN_RETURN_IF_ERROR(store_->Scan("h", [&](absl::string_view, absl::string_view value) {
    store::v1::HeldRow row;
    if (!row.ParseFromArray(value.data(), static_cast<int>(value.size())) ||
        !changes.emplace_back().ParseFromString(row.change())) {
      parsed = absl::DataLossError("store: a held change of an alert cannot be parsed");
    }
    return parsed.ok();
  }));
  DOLEN_RETURN_IF_ERROR(parsed);
  for (Alert& change : changes) {
    batch_.Delete(keys::Held(change.alert_id()));
    change.set_quiet(release.quiet());
    Send(change);
  }
  held_.clear();
  return absl::OkStatus();
}

absl::Status Fold::LoadHeld() {
  absl::Status result;
  DOLEN_RETURN_IF_ERROR(store_->Scan("h", [&](absl::string_view key, absl::string_view value) {
    store::v1::HeldRow row;
    if (!row.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      result = absl::DataLossError("store: a held change of an alert cannot be parsed");
      return false;
    }
    held_[std::string(key.substr(1))] = row.published();
    return true;
  }));
  return result;
}

}  // namespace dolen
