#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "agentpipe/http/routes.hpp"

/// What the tables of endpoints (*_routes.cpp) are made with.
namespace agentpipe::http {

/// Bodies that hold a few fields.
inline constexpr std::size_t k_small_body = 4096;

/// A request whose answer comes later, in a form that std::function can hold.
struct Pending {
  Request request;
  Responder respond;
};
using PendingPtr = std::shared_ptr<Pending>;
PendingPtr hold(Request request, Responder respond);

/// The body as it was before its Content-Encoding; `limit` as in unpack(). Takes its time: on a worker.
base::Result<void> unpack_body(Request& request, std::size_t limit);

/// Runs on a worker; answers when there is no room for it.
void on_worker(const Site& site, const PendingPtr& pending, std::function<void(Pending&)> task);

/// The handler that answers with a worker's Response.
Handler worked(const Site& site, std::function<Response(const Request&)> answer);

/// 200 with the JSON, or the error.
Response to_response(const base::Result<std::string>& json, const Request& request);

/// 201 with the JSON, or the error.
Response created(const base::Result<std::string>& json, const Request& request);

/// The parameters as the use cases take them.
service::Query query_of(const Request& request);

/// Answers a write after its commit: 201 or 200 with its JSON, or the error; counts it.
service::ReplyDone answer_write(const Site& site, const PendingPtr& pending);

service::Credentials credentials_of(const Request& request, Transport transport);

/// The first of these parameters that is not empty.
std::string first_of(const Request& request, std::initializer_list<std::string_view> names);

}  // namespace agentpipe::http
