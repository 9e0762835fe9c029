// Reads one partition of the local log, up to what is durable. The error of a damaged or missing
// record comes after everything before it was read, and again on each later Read.
#ifndef DOLEN_ENGINE_LOG_LOCAL_READER_H_
#define DOLEN_ENGINE_LOG_LOCAL_READER_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "engine/log/group_commit.h"
#include "engine/log/local_format.h"
#include "engine/log/log.h"
#include "rocksdb/db.h"

namespace dolen::local {

class LocalReader final : public LogReader {
 public:
  // `offset` lies within the bounds. `db` and `from` must outlive the reader.
  LocalReader(rocksdb::DB* db, LocalPartition* from, int64_t offset, Holes holes);
  absl::StatusOr<absl::Span<const Entry>> Read(int max, absl::Duration wait) override;
  int64_t position() const override { return position_; }

 private:
  struct Row {
    int64_t offset;
    size_t size;
  };

  void OpenIterator(int64_t end);
  absl::Status Collect(int max);
  absl::Status Decode();
  absl::Status Damaged(absl::string_view what) const;

  rocksdb::DB* const db_;
  LocalPartition* const from_;
  const Holes holes_;
  int64_t position_;

  // An iterator is kept while there is more to read in it: opening one costs as much as some ten
  // records. It pins files and memory, so it goes when its end is reached.
  RecordKey upper_;
  rocksdb::Slice upper_slice_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
  int64_t bound_ = 0;

  std::string buffer_;     // the rows of the last Read, one after another
  std::vector<Row> rows_;  // what lies in it
  std::vector<Entry> entries_;
  std::deque<std::vector<Header>> headers_;  // of the i-th entry; kept for their memory
};

}  // namespace dolen::local

#endif  // DOLEN_ENGINE_LOG_LOCAL_READER_H_
