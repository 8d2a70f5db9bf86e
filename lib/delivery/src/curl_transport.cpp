#include "agentpipe/delivery/curl_transport.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <stdexcept>

#include "agentpipe/base/text.hpp"

namespace agentpipe::delivery {

namespace {

struct FaultRow {
  CURLcode code;
  NetworkFault fault;
};

constexpr FaultRow k_faults[] = {
    {CURLE_COULDNT_RESOLVE_HOST, NetworkFault::name_lookup},
    {CURLE_COULDNT_RESOLVE_PROXY, NetworkFault::name_lookup},
    {CURLE_COULDNT_CONNECT, NetworkFault::connect},
    {CURLE_PROXY, NetworkFault::connect},
    {CURLE_OPERATION_TIMEDOUT, NetworkFault::timeout},
    {CURLE_SSL_CONNECT_ERROR, NetworkFault::tls},
    {CURLE_PEER_FAILED_VERIFICATION, NetworkFault::tls},
    {CURLE_SSL_CACERT_BADFILE, NetworkFault::tls},
    {CURLE_SSL_CERTPROBLEM, NetworkFault::tls},
    {CURLE_SSL_CIPHER, NetworkFault::tls},
    {CURLE_SSL_ISSUER_ERROR, NetworkFault::tls},
    {CURLE_SSL_INVALIDCERTSTATUS, NetworkFault::tls},
    {CURLE_SSL_ENGINE_INITFAILED, NetworkFault::tls},
};

NetworkFault fault_of(CURLcode code) {
  const auto row = std::find_if(std::begin(k_faults), std::end(k_faults),
                                [code](const FaultRow& candidate) { return candidate.code == code; });
  return row == std::end(k_faults) ? NetworkFault::broken : row->fault;
}

struct HeaderList {
  curl_slist* items = nullptr;
  HeaderList() = default;
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() { curl_slist_free_all(items); }
  void add(const std::string& line) {
    if (curl_slist* grown = curl_slist_append(items, line.c_str())) items = grown;
  }
};

/// A whole session may take as long as it likes, as long as something comes.
constexpr base::Milliseconds k_session_timeout{300'000};

/// Fills a Response while libcurl reads.
struct Answer {
  std::size_t most = k_max_answer;
  Response response{};
  bool too_long = false;
};

std::size_t on_body(char* bytes, std::size_t, std::size_t count, void* user) {
  Answer& answer = *static_cast<Answer*>(user);
  answer.too_long = answer.response.body.size() + count > answer.most;
  if (answer.too_long) return 0;
  answer.response.body.append(bytes, count);
  return count;
}

/// Longer values of the two headers that are kept are not what they should be.
constexpr std::size_t k_max_header_value = 64;

std::size_t on_header(char* bytes, std::size_t, std::size_t count, void* user) {
  Response& response = static_cast<Answer*>(user)->response;
  const std::string_view line(bytes, count);
  if (line.starts_with("HTTP/")) {  // a new answer begins; the one before was an interim one
    response.retry_after.reset();
    response.date.reset();
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return count;
  const std::string_view value = base::trim(line.substr(colon + 1));
  if (value.size() > k_max_header_value) return count;
  const std::string_view name = line.substr(0, colon);
  if (base::equals_ignore_case(name, "retry-after")) response.retry_after = value;
  if (base::equals_ignore_case(name, "date")) response.date = value;
  return count;
}

base::Milliseconds time_of(CURL* easy, CURLINFO what) {
  curl_off_t microseconds = 0;
  curl_easy_getinfo(easy, what, &microseconds);
  return std::chrono::ceil<base::Milliseconds>(std::chrono::microseconds(microseconds));
}

long to_long(base::Milliseconds length) {
  return static_cast<long>(length.count());
}

void start_libcurl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw std::runtime_error("libcurl cannot start");
}

class CurlTransport final : public Transport {
 public:
  CurlTransport(const Endpoint& endpoint, const std::string& user_agent)
      : endpoint_(endpoint), easy_(curl_easy_init()), multi_(curl_multi_init()) {
    if (!easy_ || !multi_) throw std::runtime_error("libcurl cannot start");
    configure(user_agent);
  }

  Response send(const Request& request, const std::stop_token& stop) override {
    const bool session = request.expected == Request::Expected::session;
    Answer answer{session ? k_max_session_answer : k_max_answer};
    set(CURLOPT_TIMEOUT_MS, to_long(session ? k_session_timeout : endpoint_.total_timeout));
    HeaderList headers;
    prepare(request, headers, answer);
    const CURLcode code = perform(stop);
    finish(code, stop, answer);
    return std::move(answer.response);
  }

 private:
  template <class T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(easy_.get(), option, value);
  }

  /// What is the same for all requests.
  void configure(const std::string& user_agent) {
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // a stop does not wait for a name look-up
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));  // HTTP/2 reuse is broken in 7.88
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_USERAGENT, user_agent.c_str());
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_WRITEFUNCTION, &on_body);
    set(CURLOPT_HEADERFUNCTION, &on_header);
    if (!endpoint_.ca_file.empty()) set(CURLOPT_CAINFO, endpoint_.ca_file.c_str());
    // A proxy would carry the key of a loopback server across the network.
    if (is_loopback(endpoint_.base_url)) set(CURLOPT_PROXY, "");
    set(CURLOPT_CONNECTTIMEOUT_MS, to_long(endpoint_.connect_timeout));
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, std::max(1L, to_long(endpoint_.stall_timeout) / 1000));
  }

  void prepare(const Request& request, HeaderList& headers, Answer& answer) {
    const bool get = request.method == "GET";
    if (!get) headers.add("Content-Type: " + request.content_type);
    headers.add("Expect:");  // a pause before each large body helps nobody here
    if (!endpoint_.api_key.empty()) headers.add("Authorization: Bearer " + endpoint_.api_key.reveal());
    for (const auto& [name, value] : request.headers) headers.add(name + ": " + value);

    const std::string url = endpoint_.base_url + request.path;
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_CUSTOMREQUEST, static_cast<const char*>(nullptr));
    if (get) {
      set(CURLOPT_HTTPGET, 1L);
    } else {
      set(CURLOPT_POST, 1L);
      set(CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.data());
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      if (request.method != "POST") set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    set(CURLOPT_HTTPHEADER, headers.items);
    set(CURLOPT_WRITEDATA, &answer);
    set(CURLOPT_HEADERDATA, &answer);
    error_.fill('\0');
  }

  /// The multi interface, because a stop can wake it; curl_easy_perform looks up only once a second.
  CURLcode perform(const std::stop_token& stop) {
    const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi_.get()); });
    curl_multi_add_handle(multi_.get(), easy_.get());
    CURLcode code = CURLE_ABORTED_BY_CALLBACK;
    int running = 1;
    while (!stop.stop_requested()) {
      if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) break;
      if (running == 0) {
        int left = 0;
        const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
        code = message == nullptr ? CURLE_FAILED_INIT : message->data.result;
        break;
      }
      curl_multi_poll(multi_.get(), nullptr, 0, 1000, nullptr);
    }
    curl_multi_remove_handle(multi_.get(), easy_.get());
    return code;
  }

  void finish(CURLcode code, const std::stop_token& stop, Answer& answer) {
    Response& response = answer.response;
    response.name_lookup = time_of(easy_.get(), CURLINFO_NAMELOOKUP_TIME_T);
    response.connected = time_of(easy_.get(), CURLINFO_CONNECT_TIME_T);
    response.tls_done = time_of(easy_.get(), CURLINFO_APPCONNECT_TIME_T);
    response.total = time_of(easy_.get(), CURLINFO_TOTAL_TIME_T);
    if (code == CURLE_OK) {
      long status = 0;
      curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
      response.status = static_cast<int>(status);
      return;
    }
    response.fault = fault_of(code);
    response.fault_text = fault_text(code, stop, answer);
    response.body.clear();
  }

  [[nodiscard]] std::string fault_text(CURLcode code, const std::stop_token& stop,
                                       const Answer& answer) const {
    if (answer.too_long) return "the answer is longer than " + base::human_bytes(answer.most);
    if (stop.stop_requested()) return "stopped";
    return error_[0] != '\0' ? std::string(error_.data()) : std::string(curl_easy_strerror(code));
  }

  struct CloseEasy {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct CloseMulti {
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
  };

  Endpoint endpoint_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::unique_ptr<CURL, CloseEasy> easy_;
  std::unique_ptr<CURLM, CloseMulti> multi_;
};

}  // namespace

std::unique_ptr<Transport> make_curl_transport(const Endpoint& endpoint, const std::string& user_agent) {
  start_libcurl();
  return std::make_unique<CurlTransport>(endpoint, user_agent);
}

}  // namespace agentpipe::delivery
