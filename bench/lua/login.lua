-- Logins for wrk: each as one of the users `<name>0` to `<name>7`, counted by what the service said.
-- Arguments: the name, a seed.

local all = {}

function setup(thread)
    thread:set("number", #all)
    table.insert(all, thread)
end

function init(args)
    name = args[1]
    math.randomseed(tonumber(args[2]) * 64 + number)
    good, busy, other = 0, 0, 0
    wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end

function request()
    local form = "username=%s%d&password=correct+horse+72&device-info=bench"
    return wrk.format("POST", nil, nil, string.format(form, name, math.random(0, 7)))
end

function response(status, headers, body)
    if body:find("access_token", 1, true) then
        good = good + 1
    elseif body:find("5501", 1, true) then
        busy = busy + 1
    else
        other = other + 1
    end
end

function done(summary, latency)
    local sums = {0, 0, 0}
    for _, thread in ipairs(all) do
        for at, key in ipairs({"good", "busy", "other"}) do
            sums[at] = sums[at] + thread:get(key)
        end
    end
    local errors = summary.errors
    local failed = sums[3] + errors.connect + errors.read + errors.write + errors.timeout
    io.write(string.format("BENCH %d %d %d %d\n", summary.duration, sums[1], sums[2], failed))
end
