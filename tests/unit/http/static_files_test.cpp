#include "agentpipe/http/static_files.hpp"

#include "test_server.hpp"

using namespace agentpipe;
using http::StaticFile;
using test::TestServer;

namespace {

const std::string k_index = R"(<a href="{{base}}/sessions">{{base}}</a>)";
const std::string k_script(5000, 'j');

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

http::FindFile pages() {
  static const std::string index = http::gzip(k_index);
  static const std::string script = http::gzip(k_script);
  return [](std::string_view path) -> std::optional<StaticFile> {
    if (path == "/index.html") return StaticFile{"text/html", "\"i\"", bytes_of(index), false};
    if (path == "/assets/main-1.js") return StaticFile{"text/javascript", "\"s\"", bytes_of(script), true};
    return std::nullopt;
  };
}

class StaticSite {
 public:
  explicit StaticSite(http::FindFile find, std::string base = "/x&y") {
    http::ServerOptions options;
    options.listen = {"127.0.0.1:0"};
    auto listening =
        http::Server::listen(options,
                             http::Router({}, {http::Method::get, "/{rest...}", 0, http::Access::open,
                                               http::static_files(std::move(find), std::move(base))}),
                             {}, clock_);
    REQUIRE(listening);
    server_ = std::move(*listening);
  }
  test::HttpReply get(const std::string& path, const std::string& headers = {}) {
    const auto& address = server_->addresses().front();
    test::HttpClient client(static_cast<unsigned short>(std::stoi(address.substr(address.rfind(':') + 1))));
    return client.get(path, headers);
  }

 private:
  base::SystemClock clock_;
  std::unique_ptr<http::Server> server_;
};

const std::string k_gzip = "Accept-Encoding: br, gzip\r\n";
const std::string k_html = "Accept: text/html,*/*\r\n";

}  // namespace

TEST_CASE("a file goes out as it is stored, or inflated for who cannot read gzip") {
  StaticSite site(pages());
  auto packed = site.get("/assets/main-1.js", k_gzip);
  CHECK(packed.headers["content-encoding"] == "gzip");
  CHECK(packed.headers["cache-control"] == "public, max-age=31536000, immutable");
  CHECK(packed.headers["content-type"] == "text/javascript");
  CHECK(http::gunzip(bytes_of(packed.body), 1U << 20U) == k_script);
  for (const std::string encoding : {"", "Accept-Encoding: identity\r\n", "Accept-Encoding: gzip;q=0\r\n"}) {
    auto plain = site.get("/assets/main-1.js", encoding);
    CHECK(plain.body == k_script);
    CHECK_FALSE(plain.headers.contains("content-encoding"));
    CHECK(plain.headers["vary"] == "Accept-Encoding");
  }
}

TEST_CASE("index.html knows the base path, escaped, and answers for every page") {
  StaticSite site(pages());
  const std::string expected = R"(<a href="/x&amp;y/sessions">/x&amp;y</a>)";
  for (const std::string path : {"/", "/index.html", "/sessions/abc", "/anything?x=1"}) {
    const auto reply = site.get(path, k_html);
    CHECK(reply.status == 200);
    CHECK(reply.body == expected);
  }
  CHECK(http::gunzip(bytes_of(site.get("/", k_gzip).body), 1000) == expected);
}

TEST_CASE("pages carry the policy that lets their own scripts run and no others") {
  StaticSite site(pages());
  auto headers = site.get("/", k_html).headers;
  CHECK(headers["content-security-policy"] ==
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types dompurify agentpipe");
  CHECK(headers["cache-control"] == "no-cache");
}

TEST_CASE("who has the file already gets 304") {
  StaticSite site(pages());
  const auto etag = site.get("/", k_html).headers.at("etag");
  for (const auto& tag : {etag, "W/" + etag, "\"other\", " + etag, std::string("*")}) {
    const auto reply = site.get("/", "If-None-Match: " + tag + "\r\n");
    CHECK(reply.status == 304);
    CHECK(reply.body.empty());
    CHECK(reply.headers.at("etag") == etag);
  }
  CHECK(site.get("/", "If-None-Match: \"other\"\r\n").status == 200);
}

TEST_CASE("a missing file is a 404, not the page") {
  StaticSite site(pages());
  CHECK(site.get("/assets/main-2.js", "Accept: */*\r\n").status == 404);
  CHECK(site.get("/api/nothing", k_html).status == 404);
}

TEST_CASE("without pages, or without scripts, the plain ones are shown") {
  StaticSite none([](std::string_view) { return std::optional<StaticFile>(); });
  StaticSite all(pages());
  for (const auto& [path, target] : {std::pair("", "/x&y/plain/sessions"),
                                     {"settings", "/x&y/plain/sessions"},
                                     {"sessions/a%20b", "/x&y/plain/sessions/a%20b"}}) {
    for (auto reply : {none.get(std::string("/") + path, k_html),
                       all.get(std::string("/") + path + "?noscript=1", k_html)}) {
      CHECK(reply.status == 303);
      CHECK(reply.headers["location"] == target);
    }
  }
  CHECK(none.get("/assets/main-1.js").status == 404);
}

TEST_CASE("what is not gzip, or too much of it, is refused") {
  CHECK_FALSE(http::gunzip(bytes_of(std::string("nonsense")), 1000).has_value());
  CHECK_FALSE(http::gunzip(bytes_of(http::gzip(std::string(100'000, 'x'))), 99'999).has_value());
  CHECK_FALSE(http::gunzip(bytes_of(http::gzip("abc").substr(0, 10)), 1000).has_value());
}
