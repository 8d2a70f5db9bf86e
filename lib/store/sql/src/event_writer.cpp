#include "event_writer.hpp"

#include <cstring>
#include <string>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/model/codec.hpp"
#include "columns.hpp"

namespace agentpipe::store::sql {

namespace {

constexpr const char* k_insert_message =
    "INSERT INTO messages(n,session_pk,sequence,at," AGENTPIPE_MESSAGE_COLUMNS
    ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(session_pk,message_id) DO "
    "NOTHING";

/// Two different events of one session share it once in 2^32 tries by intent, never by chance.
std::int64_t fingerprint(std::string_view type, base::Timestamp at, std::string_view data) {
  std::string text(type);
  text += '\n' + std::to_string(at.time_since_epoch().count()) + '\n';
  text += data;
  const base::Digest digest = base::sha256(text);
  std::int64_t front = 0;
  std::memcpy(&front, digest.data(), sizeof front);
  return front;
}

}  // namespace

EventWriter::EventWriter(Database& database)
    : message_(database.connection(), k_insert_message),
      row_of_message_(
          database.connection(),
          "INSERT INTO events(n,session_pk,type,at,received_at) VALUES(?,?,'message.created',?,?)"),
      other_(database.connection(),
             "INSERT INTO events(n,session_pk,type,at,received_at,data,dedup,after_sequence) "
             "VALUES(?,?,?,?,?,?,?,?) "
             "ON CONFLICT(session_pk,dedup) WHERE dedup IS NOT NULL DO NOTHING") {}

base::Result<bool> EventWriter::add_message(const Place& place, base::Timestamp at,
                                            const model::MessageCreated& message) {
  auto done = message_.bind_and_run(
      [&](Binder& bind) {
        bind(place.number);
        bind(place.session_pk);
        bind(message.sequence_number);
        bind(at);
        each_message_field(message, bind);
      },
      [](Columns&) {});
  if (!done) return base::forward(done);
  if (message_.changes() == 0) return false;
  done = row_of_message_.run(place.number, place.session_pk, at, place.received);
  if (!done) return base::forward(done);
  return true;
}

base::Result<bool> EventWriter::add(const Place& place, const model::Event& event,
                                    std::optional<std::int64_t> after_sequence) {
  const std::string data = model::encode_data(event);
  const std::string_view type = model::type_name(event);
  auto done = other_.run(place.number, place.session_pk, type, event.at, place.received, data,
                         fingerprint(type, event.at, data), after_sequence);
  if (!done) return base::forward(done);
  return other_.changes() != 0;
}

}  // namespace agentpipe::store::sql
