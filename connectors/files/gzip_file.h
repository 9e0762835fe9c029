// Bytes of a file, plain or gzipped: told apart by the first two bytes, not by the name. zlib is
// included by gzip_file.cc only.
//
// Threads: a source is used by one at a time. Errors: kNotFound, kPermissionDenied, kUnavailable as
// the system says; kDataLoss when gzipped data are damaged or end too early: what came before is
// good.
#ifndef DOLEN_CONNECTORS_FILES_GZIP_FILE_H_
#define DOLEN_CONNECTORS_FILES_GZIP_FILE_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace dolen {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Up to `size` bytes; 0 only at the end.
  virtual absl::StatusOr<size_t> Read(char* into, size_t size) = 0;
};

absl::StatusOr<std::unique_ptr<ByteSource>> OpenPlainOrGzip(const std::string& path);

// What OpenPlainOrGzip gives, all of it. kResourceExhausted when it is longer than `limit` bytes.
absl::StatusOr<std::string> ReadPlainOrGzip(const std::string& path, size_t limit);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_FILES_GZIP_FILE_H_
