#include "connectors/files/gzip_file.h"

#include <zlib.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

constexpr size_t kChunk = 64 * 1024;

class PlainFile : public ByteSource {
 public:
  PlainFile(std::FILE* file, std::string path) : file_(file), path_(std::move(path)) {}
  ~PlainFile() override { std::fclose(file_); }
  PlainFile(const PlainFile&) = delete;
  PlainFile& operator=(const PlainFile&) = delete;

  absl::StatusOr<size_t> Read(char* into, size_t size) override {
    errno = 0;
    const size_t got = std::fread(into, 1, size, file_);
    if (got == 0 && std::ferror(file_)) {
      return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path_));
    }
    return got;
  }

  // True if the file begins like gzip; the position is back at the start.
  absl::StatusOr<bool> IsGzip() {
    unsigned char magic[2];
    DOLEN_ASSIGN_OR_RETURN(const size_t got, Read(reinterpret_cast<char*>(magic), 2));
    if (std::fseek(file_, 0, SEEK_SET) != 0) {
      return absl::ErrnoToStatus(errno, absl::StrCat("cannot go back in ", path_));
    }
    return got == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
  }

 private:
  std::FILE* file_;
  std::string path_;
};

// zlib's own gzread passes over garbage after a member in silence; a cut or half-copied file must
// not look whole, so this drives inflate itself.
class GzipFile : public ByteSource {
 public:
  GzipFile(std::unique_ptr<ByteSource> packed, std::string path)
      : packed_(std::move(packed)), path_(std::move(path)), in_(kChunk, '\0') {}
  ~GzipFile() override { inflateEnd(&stream_); }
  GzipFile(const GzipFile&) = delete;
  GzipFile& operator=(const GzipFile&) = delete;

  absl::Status Start() {
    // 15 bits of window, + 16: a gzip header.
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) {
      return absl::ResourceExhaustedError("zlib has no memory");
    }
    return absl::OkStatus();
  }

  absl::StatusOr<size_t> Read(char* into, size_t size) override {
    stream_.next_out = reinterpret_cast<Bytef*>(into);
    stream_.avail_out = static_cast<uInt>(size);
    while (stream_.avail_out == size) {
      if (stream_.avail_in == 0) {
        DOLEN_ASSIGN_OR_RETURN(const size_t got, packed_->Read(in_.data(), in_.size()));
        if (got == 0 && in_member_) return Damaged("ends too early");
        if (got == 0) return size_t{0};
        stream_.next_in = reinterpret_cast<Bytef*>(in_.data());
        stream_.avail_in = static_cast<uInt>(got);
      }
      if (!in_member_) {
        inflateReset(&stream_);  // a gzip file may hold several members, one after the other
        in_member_ = true;
      }
      const int result = inflate(&stream_, Z_NO_FLUSH);
      if (result == Z_STREAM_END) {
        in_member_ = false;
      } else if (result != Z_OK && result != Z_BUF_ERROR) {
        return Damaged("is damaged");
      }
    }
    return size - stream_.avail_out;
  }

 private:
  absl::Status Damaged(absl::string_view how) const {
    return absl::DataLossError(absl::StrCat(path_, ": the gzipped file ", how));
  }

  std::unique_ptr<ByteSource> packed_;
  std::string path_;
  std::string in_;
  z_stream stream_ = {};
  bool in_member_ = true;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> OpenPlainOrGzip(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path));
  auto plain = std::make_unique<PlainFile>(file, path);
  DOLEN_ASSIGN_OR_RETURN(const bool is_gzip, plain->IsGzip());
  if (!is_gzip) return plain;
  auto gzip = std::make_unique<GzipFile>(std::move(plain), path);
  DOLEN_RETURN_IF_ERROR(gzip->Start());
  return gzip;
}

absl::StatusOr<std::string> ReadPlainOrGzip(const std::string& path, size_t limit) {
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<ByteSource> source, OpenPlainOrGzip(path));
  std::string whole;
  std::string chunk(kChunk, '\0');
  while (true) {
    DOLEN_ASSIGN_OR_RETURN(const size_t got, source->Read(chunk.data(), chunk.size()));
    if (got == 0) return whole;
    if (whole.size() + got > limit) {
      return absl::ResourceExhaustedError(
          absl::StrCat(path, " is longer than ", limit, " bytes; split it"));
    }
    whole.append(chunk, 0, got);
  }
}

}  // namespace dolen
