#include "openapi.hpp"

namespace agentpipe::http {

// Times are RFC 3339 text; what is absent is null. Objects may carry more than what is required here.
std::string_view openapi_schemas() {
  return R"({
"Object":{"type":"object"},
"Error":{"type":"object","required":["error","code","message","request_id"],"properties":{
  "error":{"type":"string"},"code":{"type":"string"},"message":{"type":"string"},"field":{"type":"string"},
  "details":{"type":"array","items":{"type":"object"}},"request_id":{"type":"string"}}},
"Ingested":{"type":"object","required":["success","status","duplicate","received_at"],"properties":{
  "success":{"type":"boolean"},"status":{"type":"string"},"duplicate":{"type":"boolean"},
  "conversation_id":{"type":"string"},"message_id":{"type":"string"},"received_at":{"type":"string"}}},
"Uploaded":{"type":"object","required":["success","result","conversation_id","messagesCreated"],"properties":{
  "success":{"type":"boolean"},"result":{"enum":["new","unchanged","grown"]},"conversation_id":{"type":"string"},
  "messagesCreated":{"type":"integer"}}},
"FileReport":{"type":"object","required":["file","format","sessions","problems"],"properties":{
  "file":{"type":"string"},"format":{"type":"string"},
  "sessions":{"type":"array","items":{"type":"object","required":["conversationId","name","result","messages","added"],
    "properties":{"result":{"enum":["new","unchanged","grown","conflict","kept_both"]},"messages":{"type":"integer"},
    "added":{"type":"integer"}}}},
  "problems":{"type":"array","items":{"type":"object","required":["line","reason"]}}}},
"Participant":{"type":"object","required":["agentId","agentType","agentName"],"properties":{
  "agentId":{"type":"string"},"agentType":{"type":"string"},"agentName":{"type":"string"},
  "model":{"type":["string","null"]}}},
"Session":{"type":"object","required":["id","name","mode","status","source","startedAt","completedAt","initialPrompt",
  "totalMessages","totalTokens","totalCost","totalDuration","participants"],"properties":{
  "id":{"type":"string"},"name":{"type":"string"},"mode":{"type":"string"},
  "status":{"enum":["ACTIVE","COMPLETED","INTERRUPTED","ERROR"]},"statusInferred":{"type":"boolean"},"source":{"type":"string"},
  "startedAt":{"type":"string"},"completedAt":{"type":["string","null"]},"initialPrompt":{"type":"string"},
  "totalMessages":{"type":"integer"},"totalTokens":{"type":"integer"},"totalCost":{"type":["number","null"]},
  "totalDuration":{"type":"integer"},"machine":{"type":["string","null"]},
  "participants":{"type":"array","items":{"$ref":"#/components/schemas/Participant"}}}},
"SessionList":{"type":"object","required":["sessions","pagination"],"properties":{
  "sessions":{"type":"array","items":{"$ref":"#/components/schemas/Session"}},
  "pagination":{"type":"object","required":["page","limit","total","totalPages"],"properties":{
    "page":{"type":"integer"},"limit":{"type":"integer"},"total":{"type":"integer"},"totalPages":{"type":"integer"}}}}},
"Message":{"type":"object","required":["id","agentId","agentName","agentType","content","role","timestamp",
  "sequenceNumber","turnNumber","duration","inputTokens","outputTokens","totalTokens","model","cost"],"properties":{
  "id":{"type":"string"},"agentId":{"type":"string"},"agentName":{"type":"string"},"agentType":{"type":"string"},
  "content":{"type":"string"},"role":{"type":"string"},"timestamp":{"type":"string"},
  "sequenceNumber":{"type":"integer"},"turnNumber":{"type":["integer","null"]},"cost":{"type":["number","null"]}}},
"MessagePage":{"type":"object","required":["messages","pagination"],"properties":{
  "messages":{"type":"array","items":{"$ref":"#/components/schemas/Message"}},
  "pagination":{"type":"object","required":["limit","total","nextCursor","previousCursor"],"properties":{
    "limit":{"type":"integer"},"total":{"type":"integer"},"nextCursor":{"type":["string","null"]},
    "previousCursor":{"type":["string","null"]}}}}},
"NoteList":{"type":"object","required":["notes"],"properties":{"notes":{"type":"array","items":{"type":"object"}}}},
"Outline":{"type":"object","required":["items","total"],"properties":{
  "items":{"type":"array","items":{"type":"object","required":["sequenceNumber","messageId","head"]}},
  "total":{"type":"integer"}}},
"Findings":{"type":"object","required":["total","hits"],"properties":{"total":{"type":"integer"},
  "hits":{"type":"array","items":{"type":"object","required":["sequenceNumber","messageId","count"]}}}},
"Deleted":{"type":"object","required":["deleted"],"properties":{"deleted":{"type":"integer"}}},
"NewShare":{"type":"object","required":["id","url","path","mode","createdAt","expiresAt"],"properties":{
  "id":{"type":"string"},"url":{"type":"string"},"path":{"type":"string"},"mode":{"enum":["live","frozen"]},
  "createdAt":{"type":"string"},"expiresAt":{"type":["string","null"]}}},
"ShareList":{"type":"object","required":["shares"],"properties":{"shares":{"type":"array","items":{"type":"object",
  "required":["id","mode","createdAt","expiresAt","revokedAt","lastUsedAt"],"properties":{
  "mode":{"enum":["live","frozen"]}}}}}},
"Revoked":{"type":"object","required":["revoked"],"properties":{"revoked":{"type":"string"}}},
"Rights":{"type":"object","required":["authenticated","signInNeeded","scopes"],"properties":{
  "authenticated":{"type":"boolean"},"signInNeeded":{"type":"boolean"},
  "scopes":{"type":"array","items":{"enum":["ingest","read","admin"]}}}},
"Key":{"type":"object","required":["id","name","masked","scopes","createdAt","expiresAt","lastUsedAt","revokedAt"],
  "properties":{"id":{"type":"string"},"name":{"type":"string"},"masked":{"type":"string"},"key":{"type":"string"},
  "scopes":{"type":"array","items":{"enum":["ingest","read","admin"]}},"createdAt":{"type":"string"},
  "expiresAt":{"type":["string","null"]},"lastUsedAt":{"type":["string","null"]},"revokedAt":{"type":["string","null"]}}},
"KeyList":{"type":"object","required":["keys"],"properties":{
  "keys":{"type":"array","items":{"$ref":"#/components/schemas/Key"}}}},
"RealtimeStats":{"type":"object","required":["instanceId","totalListeners","bufferedEvents","bufferCapacity","timestamp"],
  "properties":{"totalListeners":{"type":"integer"},"bufferedEvents":{"type":"integer"}}},
"Diagnostics":{"type":"object","required":["status","sentence","checks","agents","environment","configuration","sse",
  "database","ingest","serverTime","uptimeSeconds","version"],"properties":{
  "status":{"enum":["ok","warn","error"]},"sentence":{"type":"string"},
  "checks":{"type":"array","items":{"type":"object","required":["id","name","state","value","hint"],"properties":{
    "state":{"enum":["ok","warn","error"]}}}},
  "agents":{"type":"array","items":{"type":"object","required":["type","name","command","installed","version","path",
    "docsUrl"],"properties":{"installed":{"type":"boolean"},"version":{"type":["string","null"]}}}},
  "sse":{"type":"object","required":["subscribers","behind","droppedSlow","bytesQueued"]},
  "database":{"type":"object","required":["kind","bytes","walBytes","freeBytes","sessions"]},
  "ingest":{"type":"object","required":["eventsPerSecond","lastAt","rejected"]},
  "serverTime":{"type":"string"},"uptimeSeconds":{"type":"integer"},"version":{"type":"string"}}},
"Health":{"type":"object","required":["status","service","version","capabilities","limits"],"properties":{
  "status":{"type":"string"},"service":{"type":"string"},"version":{"type":"string"},"database":{"type":"string"},
  "capabilities":{"type":"array","items":{"type":"string"}},"limits":{"type":"object"}}}
})";
}

}  // namespace agentpipe::http
