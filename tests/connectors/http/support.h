// What the tests of connectors/http share: a folder that goes away, a connection that sends any
// bytes, over whatever a server listens on, and a gate at which handlers wait for the test.
#ifndef DOLEN_TESTS_CONNECTORS_HTTP_SUPPORT_H_
#define DOLEN_TESTS_CONNECTORS_HTTP_SUPPORT_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "connectors/http/http.h"
#include "connectors/http/router.h"
#include "connectors/http/server.h"
#include "tests/connectors/http/tls_client.h"

namespace dolen {

// Longer than anything takes unless it hangs.
inline constexpr absl::Duration kPatience = absl::Seconds(30);

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  std::string Path(absl::string_view name) const;

 private:
  std::string path_;
};

// A client that knows nothing of HTTP.
class RawConnection {
 public:
  explicit RawConnection(const std::string& socket_path);  // fails the test if nobody listens
  explicit RawConnection(int port);                        // likewise, of 127.0.0.1
  ~RawConnection();
  // From here on what is sent and read is within TLS. False: the two sides do not agree.
  bool StartTls(const TlsClientOptions& options);
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  bool Send(absl::string_view bytes);  // false: the other side has closed
  void FinishSending();
  // All bytes until the other side closes; "(still open)" is appended if it does not.
  std::string ReadToEnd();
  // Bytes until `text` has come, or as ReadToEnd.
  std::string ReadUntil(absl::string_view text);
  // What is there is appended; false: the other side has closed, or nothing came in time.
  bool ReadSome(std::string& bytes);
  int fd() const { return fd_; }
  const TlsClient* tls() const { return tls_.get(); }

 private:
  int fd_;
  std::unique_ptr<TlsClient> tls_;
};

// Handlers wait in Pass() until the test calls Open().
class Gate {
 public:
  ~Gate() { Open(); }
  void Pass();
  void AwaitWaiting(int count);  // until so many wait
  void Open();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

// GET /hello, POST /echo (the body comes back), GET /wait (passes `gate`, if one is given),
// GET /things/{issuer}/{value} (the arguments in brackets), GET /large?bytes=N.
Router TestRouter(Gate* gate = nullptr);

// Fails the test and returns null if there is no server.
std::unique_ptr<HttpServer> Serve(const std::string& socket_path, Gate* gate = nullptr,
                                  HttpServerOptions options = {});

// What a server listens on, and how one comes to it.
enum class Transport { kUnix, kTcp, kTls };
std::string NameOf(Transport transport);

class TestPlace {
 public:
  explicit TestPlace(Transport transport);
  // Fails the test and returns null if there is no server.
  std::unique_ptr<HttpServer> Serve(Router router, HttpServerOptions options = {});
  // Fails the test if there is no connection. Without its handshake, if there is TLS.
  std::unique_ptr<RawConnection> ConnectBare() const;
  std::unique_ptr<RawConnection> Connect() const;
  // The status of a request of its own for /hello; 0: no answer.
  int StatusNow() const;

 private:
  const Transport transport_;
  const TemporaryFolder folder_;
  absl::optional<TlsOptions> tls_;
  TlsClientOptions client_;
  int port_ = 0;
};

HttpRequest Get(std::vector<std::string> path);
HttpRequest Post(std::vector<std::string> path, std::string body);

// "GET /target" with what HTTP/1.1 asks for.
std::string RawGet(absl::string_view target, absl::string_view further_headers = "");

// How often `part` occurs in `text`.
int CountOf(absl::string_view text, absl::string_view part);

}  // namespace dolen

#endif  // DOLEN_TESTS_CONNECTORS_HTTP_SUPPORT_H_
