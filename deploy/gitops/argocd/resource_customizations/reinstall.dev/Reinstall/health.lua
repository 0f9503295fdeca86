local status = obj.status
-- The failure is retried. Phase, reason and message are those of before.
if status ~= nil and status.conditions ~= nil then
  for _, condition in ipairs(status.conditions) do
    if condition.type == "Reconciling" and condition.reason == "ReconcileError" then
      return {status = "Progressing", message = "ReconcileError: " .. condition.message}
    end
  end
end
-- The CRD sets observedGeneration to -1 until the operator has seen the object.
if status == nil or status.phase == nil or status.observedGeneration ~= obj.metadata.generation then
  return {status = "Progressing", message = "The operator has not seen this generation yet."}
end
local message = status.reason .. ": " .. (status.message or "")
if status.phase == "Succeeded" then
  return {status = "Healthy", message = message}
end
if status.phase == "Failed" or status.phase == "Unknown" then
  return {status = "Degraded", message = message}
end
if status.reason == "Suspended" or status.reason == "ServerHeld" or status.reason == "OperatorPaused" then
  return {status = "Suspended", message = message}
end
return {status = "Progressing", message = message}
