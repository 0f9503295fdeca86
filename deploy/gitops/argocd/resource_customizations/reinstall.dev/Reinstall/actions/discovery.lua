local suspended = obj.spec.suspend == true
local phase = nil
if obj.status ~= nil then
  phase = obj.status.phase
end
-- A request that was sent, or has ended, cannot be suspended any more.
local notSent = phase == nil or phase == "Pending" or phase == "Stopping"

local actions = {}
actions["suspend"] = {["disabled"] = suspended or not notSent}
actions["resume"] = {["disabled"] = not suspended}
return actions
