#include "connectors/http/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "engine/base/check.h"

namespace dolen {
namespace {

// zlib's levels: 1 is fast, 9 is small, 6 its default. On JSON rows this one is quicker, and hardly
// larger.
constexpr int kLevel = 5;
// A window of 32 KiB; 16 more asks for gzip's header in place of zlib's.
constexpr int kWindow = 15 + 16;
constexpr int kMemory = 8;  // zlib's default

}  // namespace

std::string Gzip(absl::string_view bytes) {
  z_stream stream{};
  DOLEN_CHECK(deflateInit2(&stream, kLevel, Z_DEFLATED, kWindow, kMemory, Z_DEFAULT_STRATEGY) ==
              Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  // zlib counts in 32 bits, bodies in 64.
  constexpr size_t kStep = std::numeric_limits<uInt>::max();
  size_t in_left = bytes.size(), out_left = out.size();
  int result = Z_OK;
  while (result == Z_OK) {
    const auto in_step = static_cast<uInt>(std::min(in_left, kStep));
    const auto out_step = static_cast<uInt>(std::min(out_left, kStep));
    stream.avail_in = in_step;
    stream.avail_out = out_step;
    result = deflate(&stream, in_step == in_left ? Z_FINISH : Z_NO_FLUSH);
    in_left -= in_step - stream.avail_in;
    out_left -= out_step - stream.avail_out;
  }
  DOLEN_CHECK(result == Z_STREAM_END);  // deflateBound gave it room
  out.resize(out.size() - out_left);
  deflateEnd(&stream);
  return out;
}

}  // namespace dolen
