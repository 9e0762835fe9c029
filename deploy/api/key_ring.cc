#include "deploy/api/key_ring.h"

#include "engine/base/say.h"

namespace dolen {
namespace {

absl::Status NotNow() {
  return absl::UnavailableError("the provider's keys cannot be had just now; ask again");
}

}  // namespace

std::shared_ptr<const KeySet> KeyRing::Known() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return keys_;
}

absl::Status KeyRing::Read() {
  absl::StatusOr<KeySet> keys = source_();
  const std::lock_guard<std::mutex> lock(mutex_);
  if (keys.ok()) {
    keys_ = std::make_shared<const KeySet>(*std::move(keys));
  } else {
    Say(Severity::kError, "keys_unreadable").Field("why", keys.status());
  }
  return keys.status();
}

bool KeyRing::ReadAgain(absl::Time now, absl::Time before) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (is_reading_) return false;
    if (read_at_ > before) return true;
    is_reading_ = true;
    read_at_ = now;
  }
  (void)Read();  // said in the log
  const std::lock_guard<std::mutex> lock(mutex_);
  is_reading_ = false;
  return true;
}

absl::StatusOr<std::shared_ptr<const KeySet>> KeyRing::AtHand(absl::Time now) {
  const bool has_some = Known() != nullptr;
  (void)ReadAgain(now, now - (has_some ? kKeysAge : kBetweenKeyReadings));
  std::shared_ptr<const KeySet> keys = Known();
  if (keys == nullptr) return NotNow();
  return keys;
}

absl::StatusOr<std::shared_ptr<const KeySet>> KeyRing::Newest(absl::Time now) {
  if (!ReadAgain(now, now - kBetweenKeyReadings)) return NotNow();
  return Known();
}

}  // namespace dolen
