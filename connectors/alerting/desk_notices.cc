#include <algorithm>

#include "absl/strings/str_cat.h"
#include "connectors/alerting/desk.h"
#include "connectors/alerting/memory_format.h"
#include "engine/base/digest.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

using Kind = Notice::Kind;

absl::Time HeadOf(const absl::btree_set<std::pair<absl::Time, std::string>>& queue) {
  return queue.empty() ? absl::InfiniteFuture() : queue.begin()->first;
}

}  // namespace

absl::Time Desk::PagesOpen() const {
  // What forgets is fed with everything over and over, and groups by itself.
  if (repeats()) return absl::InfinitePast();
  return std::min(rate_.NextPage(), rate_.NextSummary());
}

absl::Time Desk::NextDue() const {
  if (under_way_ != UnderWay::kNone) return absl::InfiniteFuture();
  absl::Time next = std::min({HeadOf(retries_), HeadOf(others_), next_repeat_});
  if (!pages_.empty()) next = std::min(next, std::max(HeadOf(pages_), PagesOpen()));
  return std::min(next_heartbeat_, std::max(next, breaker_.next()));
}

absl::optional<Task> Desk::Next(absl::Time now, bool well) {
  now_ = now;
  if (under_way_ != UnderWay::kNone) return absl::nullopt;
  Task task;
  if (next_heartbeat_ <= now) {
    next_heartbeat_ = now + setup_.heartbeat_every;
    if (well) {
      under_way_ = UnderWay::kHeartbeat;
      task.notice.emplace();
      task.notice->kind = Kind::kHeartbeat;
      task.notice->thread = "heartbeat";
      task.notice->id = ShortSha256Hex(absl::StrCat(setup_.name, "\nheartbeat\n", Micros(now)));
      task.notice->at = now;
      return task;
    }
  }
  if (breaker_.next() > now) return absl::nullopt;
  if (next_repeat_ <= now) {
    next_repeat_ = now + setup_.repeat_every;
    task.open = OpenItems();  // also where there are none: it may tell for a while what has ended
    under_way_ = UnderWay::kRepeat;
    return task;
  }
  const std::string id = Compose();
  if (id.empty()) return absl::nullopt;
  under_way_ = UnderWay::kNotice;
  in_flight_ = id;
  Sealed sealed = sealed_[id];
  if (!sealed.in_flight) {
    sealed.in_flight = true;
    PutSealed(id, sealed);
  }
  task.notice = NoticeOf(id, sealed);
  return task;
}

std::string Desk::Compose() {
  const absl::Time retry = HeadOf(retries_);
  const absl::Time other = HeadOf(others_);
  const absl::Time page =
      pages_.empty() ? absl::InfiniteFuture() : std::max(HeadOf(pages_), PagesOpen());
  const absl::Time first = std::min({retry, page, other});
  if (first > now_) return "";
  if (first == retry) return retries_.begin()->second;
  if (first == page) {
    const bool within = repeats() || rate_.NextPage() <= now_;
    return within ? ComposePage(std::string(pages_.begin()->second)) : ComposeSummary();
  }
  const std::string alert_id = others_.begin()->second;
  const Leg& leg = legs_[alert_id];
  if (WantOf(leg) == Want::kDigest && setup_.takes_groups) {
    return ComposeDigest(std::string(leg.team));
  }
  return ComposeFollow(alert_id);
}

std::string Desk::ComposePage(const std::string& alert_id) {
  const std::string thread = legs_[alert_id].thread;
  const std::string id = Seal(Kind::kPage, thread, Gather(thread, Want::kPage));
  rate_.Paged(now_);
  SaveSendings();
  return id;
}

std::string Desk::ComposeSummary() {
  std::vector<std::string> alert_ids;
  for (const auto& [due, alert_id] : pages_) {
    if (due <= now_) alert_ids.push_back(alert_id);
  }
  const std::string thread = ShortSha256Hex(absl::StrCat(setup_.name, "\nsummary\n", Micros(now_)));
  const std::string id = Seal(Kind::kSummary, thread, alert_ids);
  rate_.Summarised(now_);
  SaveSendings();
  return id;
}

std::string Desk::ComposeDigest(const std::string& team) {
  std::vector<std::string> alert_ids;
  for (const auto& [due, alert_id] : others_) {
    const Leg& leg = legs_[alert_id];
    if (due > now_) break;
    if (WantOf(leg) == Want::kDigest && leg.team == team) alert_ids.push_back(alert_id);
  }
  return Seal(Kind::kDigest, ShortSha256Hex(absl::StrCat(setup_.name, "\ndigest\n", team)),
              alert_ids);
}

std::string Desk::ComposeFollow(const std::string& alert_id) {
  const std::string thread = legs_[alert_id].thread;
  const Want want = WantOf(legs_[alert_id]);
  // What may be looked at later, where every alert goes by itself: true, and nobody need look now.
  const Kind kind = want == Want::kDigest ? Kind::kUpdate : FollowKind(thread);
  // The end names all that ended, also what was given up on the way.
  if (kind == Kind::kEnded) Revive(thread);
  return Seal(kind, thread, Gather(thread, want));
}

void Desk::Revive(const std::string& thread) {
  const absl::btree_set<std::string> alert_ids = threads_[thread];
  for (const std::string& alert_id : alert_ids) {
    Leg leg = legs_[alert_id];
    if (!leg.dead) continue;
    leg.dead = false;
    Put(alert_id, std::move(leg));
  }
}

Kind Desk::FollowKind(const std::string& thread) const {
  bool all_over = true, all_answered = true, newly = false;
  for (const std::string& alert_id : threads_.at(thread)) {
    const Leg& leg = legs_.at(alert_id);
    if (IsOverHere(alert_id, leg)) continue;
    const alert::v1::Alert& alert = AlertOf(alert_id);
    all_over = false;
    all_answered &= alert.has_answer();
    newly |= leg.owed && IsAnswer(alert);
  }
  if (all_over) return Kind::kEnded;
  return all_answered && newly ? Kind::kAnswered : Kind::kUpdate;
}

std::vector<std::string> Desk::Gather(const std::string& thread, Want want) {
  std::vector<std::string> stale;
  for (const auto& [id, sealed] : sealed_) {
    if (sealed.thread == thread) stale.push_back(id);
  }
  for (const std::string& id : stale) Dissolve(id);
  std::vector<std::string> gathered;
  for (const std::string& alert_id : threads_[thread]) {
    if (WantOf(legs_[alert_id]) == want) gathered.push_back(alert_id);
  }
  std::stable_sort(gathered.begin(), gathered.end(),
                   [&](const auto& a, const auto& b) { return legs_[a].taken < legs_[b].taken; });
  return gathered;
}

std::string Desk::Seal(Kind kind, const std::string& thread,
                       const std::vector<std::string>& alert_ids) {
  Sealed sealed;
  sealed.kind = kind;
  sealed.in_flight = true;  // it was due, and goes out now
  sealed.thread = thread;
  sealed.at = sealed.next = now_;
  sealed.team = legs_[alert_ids.front()].team;
  std::string content = absl::StrCat(setup_.name, "\n", static_cast<int>(kind), "\n", thread, "\n");
  for (const std::string& alert_id : alert_ids) {
    const Leg& leg = legs_[alert_id];
    sealed.items.push_back({alert_id, leg.number});
    sealed.attempts = std::max(sealed.attempts, leg.attempts);
    if (leg.team != sealed.team) sealed.team.clear();
    absl::StrAppend(&content, alert_id, ":", leg.number, "\n");
  }
  const std::string id = ShortSha256Hex(content);
  PutSealed(id, sealed);
  for (const std::string& alert_id : alert_ids) {
    Leg leg = legs_[alert_id];
    leg.sealed = id;
    Replace(alert_id, leg);
  }
  return id;
}

void Desk::PutSealed(const std::string& id, const Sealed& sealed) {
  const auto found = sealed_.find(id);
  if (found != sealed_.end()) {
    retries_.erase({found->second.next, id});
  } else {
    for (const Sealed::Item& item : sealed.items) {
      office_->alerts.Hold(item.alert_id, PartitionOf(item.alert_id));
    }
  }
  if (!sealed.in_flight) retries_.insert({sealed.next, id});
  sealed_[id] = sealed;
  office_->journal.push_back(
      {PartitionOf(sealed.items.front().alert_id), SealedRecord(setup_.name, id, sealed)});
}

void Desk::DropSealed(const std::string& id) {
  const Sealed sealed = sealed_[id];
  office_->journal.push_back(
      {PartitionOf(sealed.items.front().alert_id), NotSealedRecord(setup_.name, id)});
  retries_.erase({sealed.next, id});
  sealed_.erase(id);
  for (const Sealed::Item& item : sealed.items) office_->alerts.Release(item.alert_id);
}

bool Desk::HasMovedOn(const Sealed& sealed) const {
  return std::any_of(sealed.items.begin(), sealed.items.end(), [&](const Sealed::Item& item) {
    const auto leg = legs_.find(item.alert_id);
    return leg != legs_.end() && leg->second.number != item.number;
  });
}

// It lies open there, perhaps; its end must be told too.
void Desk::Opened(const Sealed& sealed, Leg& leg) const {
  const bool opens = sealed.kind == Kind::kPage || sealed.kind == Kind::kSummary ||
                     (sealed.kind == Kind::kUpdate && !setup_.takes_groups);
  if (!opens || leg.told) return;
  leg.thread = sealed.thread;
  leg.told = true;
}

// By value: what names the notice may be one of its legs, which forget it here.
void Desk::Dissolve(std::string id) {
  const Sealed sealed = sealed_[id];
  for (const Sealed::Item& item : sealed.items) {
    const auto found = legs_.find(item.alert_id);
    if (found == legs_.end() || found->second.sealed != id) continue;
    Leg leg = found->second;
    leg.sealed.clear();
    if (leg.number != item.number) {
      Overtaken(item.alert_id, item.number);
    } else {
      leg.due = std::max(leg.due, sealed.next);
    }
    leg.attempts = std::max(leg.attempts, sealed.attempts);
    if (sealed.perhaps_taken) Opened(sealed, leg);
    Put(item.alert_id, std::move(leg));
  }
  DropSealed(id);
}

Notice::Item Desk::ItemOf(const std::string& alert_id) const {
  const alert::v1::Alert& alert = AlertOf(alert_id);
  return {alert, office_->link(alert)};
}

Notice Desk::NoticeOf(const std::string& id, const Sealed& sealed) const {
  Notice notice;
  notice.kind = sealed.kind;
  notice.id = id;
  notice.thread = sealed.thread;
  notice.team = sealed.team;
  notice.language = office_->routes.LanguageOf(sealed.team);
  notice.at = sealed.at;
  for (const Sealed::Item& item : sealed.items) {
    if (notice.items.size() == kMaxShown) break;
    notice.items.push_back(ItemOf(item.alert_id));
  }
  notice.left_out = static_cast<int>(sealed.items.size() - notice.items.size());
  return notice;
}

std::vector<Notice::Item> Desk::OpenItems() const {
  std::vector<Notice::Item> open;
  for (const auto& [alert_id, leg] : legs_) {
    if (leg.told && !IsOverHere(alert_id, leg)) open.push_back(ItemOf(alert_id));
  }
  return open;
}

void Desk::SaveSendings() {
  office_->journal.push_back({0, SendingsRecord(setup_.name, {rate_.pages(), rate_.summary()})});
}

}  // namespace dolen
