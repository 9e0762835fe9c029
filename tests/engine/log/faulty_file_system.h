// RocksDB's file system with faults in what is written to write-ahead logs: errors and a gate
// before fsync. Counts fsyncs. Used from many threads.
#ifndef DOLEN_TESTS_ENGINE_LOG_FAULTY_FILE_SYSTEM_H_
#define DOLEN_TESTS_ENGINE_LOG_FAULTY_FILE_SYSTEM_H_

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "absl/strings/match.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"

namespace dolen {

struct LogFileFaults {
  std::atomic<bool> no_space = false;    // appends fail
  std::atomic<bool> sync_fails = false;  // fsyncs fail
  std::atomic<int> syncs = 0;

  void CloseGate() {
    std::lock_guard<std::mutex> lock(mutex);
    gate_closed = true;
  }
  void OpenGate() {
    std::lock_guard<std::mutex> lock(mutex);
    gate_closed = false;
    changed.notify_all();
  }
  // Returns once some fsync waits at the closed gate.
  void WaitForSyncAtGate() {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [this] { return at_gate; });
  }
  void PassGate() {
    std::unique_lock<std::mutex> lock(mutex);
    at_gate = gate_closed;
    changed.notify_all();
    changed.wait(lock, [this] { return !gate_closed; });
    at_gate = false;
  }

  std::mutex mutex;
  std::condition_variable changed;
  bool gate_closed = false;
  bool at_gate = false;
};

class FaultyLogFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyLogFile(std::unique_ptr<rocksdb::FSWritableFile> file, LogFileFaults* faults)
      : FSWritableFileOwnerWrapper(std::move(file)), faults_(faults) {}

  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
    if (faults_->no_space) return rocksdb::IOStatus::NoSpace("simulated");
    return FSWritableFileOwnerWrapper::Append(data, options, debug);
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo& info,
                           rocksdb::IODebugContext* debug) override {
    if (faults_->no_space) return rocksdb::IOStatus::NoSpace("simulated");
    return FSWritableFileOwnerWrapper::Append(data, options, info, debug);
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                         rocksdb::IODebugContext* debug) override {
    ++faults_->syncs;
    faults_->PassGate();
    if (faults_->sync_fails) return rocksdb::IOStatus::IOError("simulated");
    return FSWritableFileOwnerWrapper::Sync(options, debug);
  }

 private:
  LogFileFaults* const faults_;
};

class FaultyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultyFileSystem(LogFileFaults* faults)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), faults_(faults) {}
  const char* Name() const override { return "FaultyFileSystem"; }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    const auto status = FileSystemWrapper::NewWritableFile(name, options, file, debug);
    if (status.ok() && absl::EndsWith(name, ".log")) {
      *file = std::make_unique<FaultyLogFile>(std::move(*file), faults_);
    }
    return status;
  }

 private:
  LogFileFaults* const faults_;
};

}  // namespace dolen

#endif  // DOLEN_TESTS_ENGINE_LOG_FAULTY_FILE_SYSTEM_H_
