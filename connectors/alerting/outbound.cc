#include "connectors/alerting/outbound.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "engine/base/check.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

using Clock = std::chrono::steady_clock;
using Long = long;  // libcurl's numbers. NOLINT(google-runtime-int)

struct CurlDeleter {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Curl = std::unique_ptr<CURL, CurlDeleter>;
using List = std::unique_ptr<curl_slist, CurlDeleter>;

// An option that this libcurl does not take is a libcurl we were not built for.
template <typename T>
void Set(const Curl& curl, CURLoption option, T value) {
  DOLEN_CHECK(curl_easy_setopt(curl.get(), option, value) == CURLE_OK);
}

List ListOf(const std::vector<std::string>& lines) {
  curl_slist* list = nullptr;
  for (const std::string& line : lines) {
    DOLEN_CHECK(line.find_first_of("\r\n") == std::string::npos);
    list = curl_slist_append(list, line.c_str());
  }
  return List(list);
}

struct UrlParts {
  std::string scheme, host;
  bool has_user = false, has_port = false;
};

std::string Part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return "";
  const std::string copy = text;
  curl_free(text);
  return copy;
}

absl::StatusOr<UrlParts> Parse(const std::string& url) {
  const std::unique_ptr<CURLU, CurlDeleter> parsed(curl_url());
  const CURLUcode code =
      curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME);
  if (code != CURLUE_OK) {
    return absl::InvalidArgumentError(absl::StrCat("is no address: ", curl_url_strerror(code)));
  }
  return UrlParts{Part(parsed.get(), CURLUPART_SCHEME), Part(parsed.get(), CURLUPART_HOST),
                  !Part(parsed.get(), CURLUPART_USER).empty() ||
                      !Part(parsed.get(), CURLUPART_PASSWORD).empty(),
                  !Part(parsed.get(), CURLUPART_PORT).empty()};
}

// libcurl itself takes "localhost" for loopback, whatever the resolver says.
bool IsLoopback(absl::string_view host) {
  if (absl::EqualsIgnoreCase(host, "localhost")) return true;
  in_addr v4{};
  if (inet_pton(AF_INET, std::string(host).c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  in6_addr v6{};
  if (!absl::ConsumePrefix(&host, "[") || !absl::ConsumeSuffix(&host, "]")) return false;
  return inet_pton(AF_INET6, std::string(host).c_str(), &v6) == 1 &&
         std::memcmp(&v6, &in6addr_loopback, sizeof(v6)) == 0;
}

// What a server said may be anything; receipts and logs take short plain text.
std::string Plain(absl::string_view text) {
  std::string plain;
  for (const char c : absl::StripAsciiWhitespace(text).substr(0, kLongestAnswer)) {
    const bool is_space = absl::ascii_isspace(static_cast<unsigned char>(c));
    const bool is_shown = absl::ascii_isprint(static_cast<unsigned char>(c));
    if (is_space && !plain.empty() && plain.back() == ' ') continue;
    plain.push_back(is_space ? ' ' : is_shown ? c : '?');
  }
  return plain;
}

int StopWhenLate(void* deadline, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return Clock::now() > *static_cast<Clock::time_point*>(deadline) ? 1 : 0;
}

// A handle with what HTTP and SMTP have in common. `error` and `deadline` outlive it.
Curl Open(const Endpoint& to, char (&error)[CURL_ERROR_SIZE], Clock::time_point& deadline) {
  static const CURLcode is_ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  DOLEN_CHECK(is_ready == CURLE_OK);
  Curl curl(curl_easy_init());
  DOLEN_CHECK(curl != nullptr);
  const int64_t patience = std::max<int64_t>(absl::ToInt64Milliseconds(to.timeout), 1);
  deadline = Clock::now() + std::chrono::milliseconds(patience);
  error[0] = '\0';
  Set(curl, CURLOPT_ERRORBUFFER, &error[0]);
  Set(curl, CURLOPT_URL, to.url.c_str());
  Set(curl, CURLOPT_NOSIGNAL, 1L);
  Set(curl, CURLOPT_TIMEOUT_MS, static_cast<Long>(patience));
  // The goodbye of a mail server comes after the time-out of the transfer.
  Set(curl, CURLOPT_NOPROGRESS, 0L);
  Set(curl, CURLOPT_XFERINFODATA, &deadline);
  Set(curl, CURLOPT_XFERINFOFUNCTION, &StopWhenLate);
  Set(curl, CURLOPT_FORBID_REUSE, 1L);
  Set(curl, CURLOPT_SSLVERSION, Long{CURL_SSLVERSION_TLSv1_2});
  Set(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  Set(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!to.ca_file.empty()) {
    Set(curl, CURLOPT_CAINFO, to.ca_file.c_str());
    Set(curl, CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // else the system's as well
  }
  if (!to.credentials.empty()) Set(curl, CURLOPT_USERPWD, to.credentials.c_str());
  const absl::StatusOr<UrlParts> parts = Parse(to.url);
  if (parts.ok() && IsLoopback(parts->host)) Set(curl, CURLOPT_PROXY, "");
  return curl;
}

// libcurl's own timer or StopWhenLate: whichever comes first.
bool IsTimeout(CURLcode code) {
  return code == CURLE_OPERATION_TIMEDOUT || code == CURLE_ABORTED_BY_CALLBACK;
}

std::string Trouble(CURLcode code, const char* error) {
  if (IsTimeout(code)) return "timed out";
  return Plain(*error != '\0' ? error : curl_easy_strerror(code));
}

// --- HTTP ---

struct Received {
  std::string status_line;  // "202 Accepted"
  std::string body;
  bool is_cut = false;
};

size_t TakeHeader(char* data, size_t size, size_t count, void* to) {
  absl::string_view line(data, size * count);
  if (absl::StartsWith(line, "HTTP/")) {
    line.remove_prefix(std::min(line.find(' ') + 1, line.size()));
    static_cast<Received*>(to)->status_line = Plain(line);
  }
  return size * count;
}

size_t TakeBody(char* data, size_t size, size_t count, void* to) {
  Received& received = *static_cast<Received*>(to);
  const size_t room = kMostOfAnAnswer - received.body.size();
  received.body.append(data, std::min(size * count, room));
  received.is_cut = size * count > room;
  return received.is_cut ? 0 : size * count;  // 0 ends the transfer
}

Delivery::Outcome OutcomeOf(int status) {
  if (status >= 200 && status < 300) return Delivery::Outcome::kTaken;
  const bool is_patient = status == 408 || status == 425 || status == 429 || status >= 500;
  return is_patient ? Delivery::Outcome::kTryLater : Delivery::Outcome::kRefused;
}

absl::optional<absl::Duration> PatienceAsked(const Curl& curl) {
  curl_off_t seconds = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RETRY_AFTER, &seconds);  // also where it was a date
  if (seconds <= 0) return absl::nullopt;
  return std::min<absl::Duration>(absl::Seconds(seconds), kLongestPatience);
}

// --- SMTP ---

// What was said on a connection to a mail server.
struct Talk {
  std::string command;                // our last
  std::string reply;                  // its last line
  std::vector<std::string> refusals;  // its replies to receivers that it does not take
};

int Listen(CURL*, curl_infotype type, char* data, size_t size, void* to) {
  Talk& talk = *static_cast<Talk*>(to);
  const absl::string_view line(data, size);
  if (type == CURLINFO_HEADER_OUT) talk.command = std::string(line.substr(0, 8));
  // What is said to a goodbye says nothing about the mail.
  if (type != CURLINFO_HEADER_IN || absl::StartsWith(talk.command, "QUIT")) return 0;
  talk.reply = Plain(line);
  const bool is_refusal = absl::StartsWith(line, "4") || absl::StartsWith(line, "5");
  if (is_refusal && absl::EqualsIgnoreCase(talk.command, "RCPT TO:")) {
    talk.refusals.push_back(talk.reply);
  }
  return 0;
}

struct Unsent {
  absl::string_view rest;
};

size_t GiveMail(char* buffer, size_t size, size_t count, void* from) {
  absl::string_view& rest = static_cast<Unsent*>(from)->rest;
  const size_t length = std::min(rest.size(), size * count);
  std::memcpy(buffer, rest.data(), length);
  rest.remove_prefix(length);
  return length;
}

Delivery DeliveryOf(const Talk& talk, bool is_sent, CURLcode code, const char* error) {
  const bool may_take_later =
      std::any_of(talk.refusals.begin(), talk.refusals.end(),
                  [](absl::string_view reply) { return absl::StartsWith(reply, "4"); });
  const std::string refusals = Plain(absl::StrJoin(talk.refusals, "; "));
  if (code == CURLE_OK) {
    // Who has it already gets it twice, with the same Message-ID: better than once for too few.
    if (may_take_later) return {Delivery::Outcome::kTryLater, refusals, {}, true};
    const std::string rest = refusals.empty() ? "" : "; not all receivers: " + refusals;
    return {Delivery::Outcome::kTaken, absl::StrCat(talk.reply, rest), {}};
  }
  const bool has_answered = !IsTimeout(code) && code != CURLE_RECV_ERROR;
  if (has_answered && !may_take_later && absl::StartsWith(talk.reply, "5")) {
    return {Delivery::Outcome::kRefused, refusals.empty() ? talk.reply : refusals, {}};
  }
  if (has_answered && (may_take_later || absl::StartsWith(talk.reply, "4"))) {
    return {Delivery::Outcome::kTryLater, refusals.empty() ? talk.reply : refusals, {}};
  }
  if (code == CURLE_USE_SSL_FAILED) {
    return {Delivery::Outcome::kRefused, "the mail server offers no STARTTLS", {}};
  }
  return {Delivery::Outcome::kTryLater, Trouble(code, error), {}, is_sent};
}

}  // namespace

absl::Status CheckHttpUrl(const std::string& url) {
  DOLEN_ASSIGN_OR_RETURN(const UrlParts parts, Parse(url));
  if (parts.has_user) {
    return absl::InvalidArgumentError("has a user or a password in it; name a file for them");
  }
  if (parts.scheme == "https") return absl::OkStatus();
  if (parts.scheme == "http" && IsLoopback(parts.host)) return absl::OkStatus();
  return absl::InvalidArgumentError("must begin with https://, or with http:// on loopback");
}

Endpoint Until(absl::Time end, Endpoint endpoint) {
  endpoint.timeout = std::min(endpoint.timeout, end - absl::Now());
  return endpoint;
}

namespace {

// What POST and GET have in common.
void SetHttp(const Curl& curl, const curl_slist* headers, Received& received) {
  Set(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  Set(curl, CURLOPT_USERAGENT, "dolen");
  Set(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
  Set(curl, CURLOPT_FOLLOWLOCATION, 0L);
  Set(curl, CURLOPT_HTTPHEADER, headers);
  Set(curl, CURLOPT_HEADERFUNCTION, &TakeHeader);
  Set(curl, CURLOPT_HEADERDATA, &received);
  Set(curl, CURLOPT_WRITEFUNCTION, &TakeBody);
  Set(curl, CURLOPT_WRITEDATA, &received);
}

}  // namespace

absl::StatusOr<std::string> Get(const Endpoint& from) {
  Received received;
  char error[CURL_ERROR_SIZE];
  Clock::time_point deadline;
  const Curl curl = Open(from, error, deadline);
  SetHttp(curl, nullptr, received);
  const CURLcode code = curl_easy_perform(curl.get());
  if (received.is_cut) {
    return absl::UnavailableError(absl::StrCat("more than ", kMostOfAnAnswer, " bytes"));
  }
  if (code != CURLE_OK) return absl::UnavailableError(Trouble(code, error));
  int64_t status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) return absl::UnavailableError(absl::StrCat("it says ", received.status_line));
  return std::move(received.body);
}

HttpAnswer Post(const Endpoint& to, const std::vector<std::string>& headers,
                const std::string& body) {
  std::vector<std::string> all = headers;
  all.emplace_back("Expect:");  // bodies are short: no question first
  const List list = ListOf(all);
  Received received;
  char error[CURL_ERROR_SIZE];
  Clock::time_point deadline;
  const Curl curl = Open(to, error, deadline);
  SetHttp(curl, list.get(), received);
  Set(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  Set(curl, CURLOPT_POSTFIELDS, body.data());
  const CURLcode code = curl_easy_perform(curl.get());

  if (code != CURLE_OK && !received.is_cut) {
    // Half an answer is none: who said "taken" drops what it has when it comes again.
    std::string answer = Trouble(code, error);
    if (!received.status_line.empty()) answer = received.status_line + ", then: " + answer;
    curl_off_t sent = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_SIZE_UPLOAD_T, &sent);
    const bool is_sent = sent == static_cast<curl_off_t>(body.size());
    return {{Delivery::Outcome::kTryLater, std::move(answer), PatienceAsked(curl), is_sent}, 0, ""};
  }
  int64_t status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  HttpAnswer answer{{OutcomeOf(static_cast<int>(status)), received.status_line, {}},
                    static_cast<int>(status),
                    std::move(received.body)};
  if (answer.delivery.outcome == Delivery::Outcome::kTryLater) {
    answer.delivery.try_after = PatienceAsked(curl);
  }
  const std::string said = Plain(answer.body);
  if (answer.delivery.outcome != Delivery::Outcome::kTaken && !said.empty()) {
    absl::StrAppend(&answer.delivery.answer, ": ", said);
  }
  return answer;
}

absl::Status CheckMailServer(const std::string& url, bool without_tls) {
  const absl::StatusOr<UrlParts> parsed = Parse(url);
  const UrlParts parts = parsed.ok() ? *parsed : UrlParts{};
  const bool is_mail = parts.scheme == "smtp" || parts.scheme == "smtps";
  if (!is_mail || !parts.has_port) {
    return absl::InvalidArgumentError("must be smtp://HOST:PORT or smtps://HOST:PORT");
  }
  if (parts.has_user) {
    return absl::InvalidArgumentError("has a user or a password in it; name a file for them");
  }
  if (without_tls && !IsLoopback(parts.host)) {
    return absl::InvalidArgumentError("may be without TLS on loopback only");
  }
  return absl::OkStatus();
}

Delivery SendMail(const Endpoint& server, bool without_tls, const Envelope& envelope,
                  const std::string& message) {
  const List receivers = ListOf(envelope.to);
  Talk talk;
  Unsent unsent{message};
  char error[CURL_ERROR_SIZE];
  Clock::time_point deadline;
  const Curl curl = Open(server, error, deadline);
  Set(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  Set(curl, CURLOPT_USE_SSL, Long{without_tls ? CURLUSESSL_NONE : CURLUSESSL_ALL});
  Set(curl, CURLOPT_MAIL_FROM, envelope.from.c_str());
  Set(curl, CURLOPT_MAIL_RCPT, receivers.get());
  Set(curl, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);  // one wrong mailbox must not silence the others
  Set(curl, CURLOPT_UPLOAD, 1L);
  Set(curl, CURLOPT_READFUNCTION, &GiveMail);
  Set(curl, CURLOPT_READDATA, &unsent);
  Set(curl, CURLOPT_VERBOSE, 1L);  // to Listen, and nowhere else
  Set(curl, CURLOPT_DEBUGFUNCTION, &Listen);
  Set(curl, CURLOPT_DEBUGDATA, &talk);
  const CURLcode code = curl_easy_perform(curl.get());
  return DeliveryOf(talk, unsent.rest.empty(), code, error);
}

}  // namespace dolen
