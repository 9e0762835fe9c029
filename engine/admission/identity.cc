#include "engine/admission/identity.h"

#include <cstring>
#include <utility>

#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/admission/wire.h"
#include "engine/base/check.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

constexpr size_t kHmacBytes = 32;
constexpr int kReadSlice = 4096;
// A read waits this long for the next claim, and so many reads in a row may find none although the
// end is not reached: then the log is not to be had, half a minute later.
constexpr absl::Duration kReadWait = absl::Milliseconds(100);
constexpr int kMaxEmptyReads = 300;

}  // namespace

struct IdentityLog::Batch {
  std::vector<std::string> hmacs;
  std::vector<Tag> tags;
  std::vector<size_t> ends;  // of each list
};

IdentityLog::IdentityLog(Log* log, const TopicNames& names, absl::string_view secret,
                         RandomSource random)
    : log_(log), topic_{names.Identity(), 0}, random_(std::move(random)), digest_(secret) {}

absl::StatusOr<std::unique_ptr<IdentityLog>> IdentityLog::Open(Log* log, const TopicNames& names,
                                                               absl::string_view secret,
                                                               RandomSource random) {
  std::unique_ptr<IdentityLog> identity(new IdentityLog(log, names, secret, std::move(random)));
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log->BoundsOf(identity->topic_));
  if (bounds.begin != 0) {
    return absl::DataLossError("the identity topic does not begin at 0: claims were deleted");
  }
  DOLEN_ASSIGN_OR_RETURN(identity->reader_, log->Read(identity->topic_, 0));
  DOLEN_RETURN_IF_ERROR(identity->Refresh());
  return identity;
}

IdentityLog::Tag IdentityLog::TagOf(absl::string_view hmac) {
  Tag tag;
  std::memcpy(&tag, hmac.data(), sizeof(tag));
  return tag;
}

std::string IdentityLog::HmacOf(const IdentifierView& identifier) const {
  scratch_.assign(identifier.issuer.data(), identifier.issuer.size());
  scratch_.push_back('\0');
  scratch_.append(identifier.value.data(), identifier.value.size());
  return digest_.Of(scratch_);
}

absl::optional<ChildKey> IdentityLog::Lookup(absl::string_view issuer,
                                             absl::string_view value) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = keys_.find(TagOf(HmacOf({issuer, value})));
  if (found == keys_.end()) return absl::nullopt;
  return found->second;
}

absl::Status IdentityLog::Apply(const Entry& entry) {
  ledger::v1::Claim claim;
  ChildKey child;
  if (!claim.ParseFromArray(entry.value.data(), static_cast<int>(entry.value.size())) ||
      claim.identifier().size() != kHmacBytes || !ChildKey::FromBytes(claim.child(), child)) {
    return absl::DataLossError(
        absl::StrCat("the record at ", topic_.topic, " offset ", entry.offset, " is no claim"));
  }
  keys_.try_emplace(TagOf(claim.identifier()), child);  // the first claim stays
  return absl::OkStatus();
}

absl::Status IdentityLog::Refresh() {
  DOLEN_ASSIGN_OR_RETURN(const Bounds bounds, log_->BoundsOf(topic_));
  for (int empty_reads = 0; reader_->position() < bounds.end;) {
    DOLEN_ASSIGN_OR_RETURN(const auto entries, reader_->Read(kReadSlice, kReadWait));
    empty_reads = entries.empty() ? empty_reads + 1 : 0;
    if (empty_reads > kMaxEmptyReads) {
      return absl::UnavailableError("the identity topic cannot be read to its end");
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const Entry& entry : entries) DOLEN_RETURN_IF_ERROR(Apply(entry));
    position_.store(reader_->position(), std::memory_order_relaxed);
  }
  return absl::OkStatus();
}

std::vector<std::pair<std::string, ChildKey>> IdentityLog::Unclaimed(const Batch& batch) const {
  std::vector<std::pair<std::string, ChildKey>> claims;
  Keys fresh;  // claimed earlier in this batch
  const auto find = [&](const Tag& tag) -> const ChildKey* {
    if (const auto known = keys_.find(tag); known != keys_.end()) return &known->second;
    const auto claimed = fresh.find(tag);
    return claimed == fresh.end() ? nullptr : &claimed->second;
  };
  size_t begin = 0;
  for (const size_t end : batch.ends) {
    absl::optional<ChildKey> child;
    bool all_known = true;
    for (size_t i = begin; i < end; ++i) {
      const ChildKey* key = find(batch.tags[i]);
      all_known = all_known && key != nullptr;
      if (key != nullptr && !child.has_value()) child = *key;
    }
    if (!child.has_value()) {
      child.emplace();
      DOLEN_CHECK(ChildKey::FromBytes(random_(ChildKey::kBytes), *child));
    }
    for (size_t i = begin; !all_known && i < end; ++i) {
      if (find(batch.tags[i]) != nullptr) continue;
      fresh.emplace(batch.tags[i], *child);
      claims.emplace_back(batch.hmacs[i], *child);
    }
    begin = end;
  }
  return claims;
}

absl::Status IdentityLog::Claim(const std::vector<std::pair<std::string, ChildKey>>& claims) {
  if (appender_ == nullptr) {
    DOLEN_ASSIGN_OR_RETURN(appender_, log_->OpenAppender());
  }
  std::string value;
  absl::Status status;
  for (const auto& [hmac, child] : claims) {
    value.clear();
    WireWriter claim(value);
    claim.Bytes(ledger::v1::Claim::kIdentifierFieldNumber, hmac);
    claim.Bytes(ledger::v1::Claim::kChildFieldNumber, child.bytes());
    status = appender_->Append(topic_, hmac, value);
    if (!status.ok()) break;
  }
  if (status.ok()) status = appender_->Flush();
  // Nothing is known of these claims now, and an appender that failed is not used again.
  if (!status.ok()) appender_ = nullptr;
  return status;
}

absl::StatusOr<std::vector<ChildKey>> IdentityLog::Resolve(
    absl::Span<const absl::Span<const IdentifierView>> lists) {
  Batch batch;
  batch.ends.reserve(lists.size());
  std::vector<std::pair<std::string, ChildKey>> claims;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    bool all_known = true;
    for (const auto& list : lists) {
      DOLEN_CHECK(!list.empty());
      for (const IdentifierView& identifier : list) {
        batch.hmacs.push_back(HmacOf(identifier));
        batch.tags.push_back(TagOf(batch.hmacs.back()));
        all_known = all_known && keys_.contains(batch.tags.back());
      }
      batch.ends.push_back(batch.tags.size());
    }
    if (!all_known) claims = Unclaimed(batch);
  }
  if (!claims.empty()) {
    DOLEN_RETURN_IF_ERROR(Claim(claims));
    DOLEN_RETURN_IF_ERROR(Refresh());
  }
  std::vector<ChildKey> keys;
  keys.reserve(lists.size());
  const std::lock_guard<std::mutex> lock(mutex_);
  size_t begin = 0;
  for (const size_t end : batch.ends) {
    bool agree = true;
    for (size_t i = begin; i < end; ++i) {
      const auto found = keys_.find(batch.tags[i]);
      if (found == keys_.end()) return absl::DataLossError("a flushed claim was not read back");
      if (i == begin) keys.push_back(found->second);
      agree = agree && found->second == keys.back();
    }
    if (!agree) links_needed_.fetch_add(1, std::memory_order_relaxed);
    begin = end;
  }
  return keys;
}

}  // namespace dolen
