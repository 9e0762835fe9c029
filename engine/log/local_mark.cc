#include "engine/log/local_mark.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine/base/digest.h"
#include "engine/base/status.h"
#include "engine/log/local_format.h"

namespace dolen::local {

namespace {
// Two slots, written in turn, each in a disk sector of its own: a torn write spoils one of them.
constexpr int kSlots = 2;
constexpr uint64_t kSlotBytes = 512;
constexpr size_t kMarkBytes = 16;  // the count and its hash

std::string EncodeMark(int64_t count) {
  const std::string bytes = EncodeInt(count);
  return bytes + EncodeInt(static_cast<int64_t>(Hash64(bytes, "acknowledged")));
}
}  // namespace

absl::StatusOr<std::unique_ptr<AcknowledgedMark>> AcknowledgedMark::Open(
    rocksdb::Env* env, const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/", kFileName);
  if (env->FileExists(path).IsNotFound()) {
    const std::string empty(kSlots * kSlotBytes, '\0');
    DOLEN_RETURN_IF_ERROR(FromRocks(rocksdb::WriteStringToFile(env, empty, path), path));
  }
  std::unique_ptr<rocksdb::RandomRWFile> file;
  DOLEN_RETURN_IF_ERROR(FromRocks(env->NewRandomRWFile(path, &file, rocksdb::EnvOptions()), path));
  std::unique_ptr<AcknowledgedMark> mark(new AcknowledgedMark(std::move(file)));
  for (int slot = 0; slot < kSlots; ++slot) {
    char scratch[kMarkBytes];
    rocksdb::Slice read;
    const auto status = mark->file_->Read(slot * kSlotBytes, kMarkBytes, &read, scratch);
    DOLEN_RETURN_IF_ERROR(FromRocks(status, path));
    int64_t count = 0;
    if (read.size() != kMarkBytes || !DecodeInt(ToView(read).substr(0, 8), count) ||
        EncodeMark(count) != ToView(read)) {
      continue;
    }
    if (count >= mark->count_) {
      mark->count_ = count;
      mark->slot_ = 1 - slot;
    }
  }
  return mark;
}

void AcknowledgedMark::Write(int64_t count) {
  // An error leaves the older mark, which is still true: the log itself says when the disk fails.
  (void)file_->Write(slot_ * kSlotBytes, EncodeMark(count));
  slot_ = (slot_ + 1) % kSlots;
  count_ = std::max(count_, count);
}

}  // namespace dolen::local
