package dev.reinstall.gitops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LoadState;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.compiler.LuaC;
import org.luaj.vm2.lib.BaseLib;
import org.luaj.vm2.lib.PackageLib;
import org.luaj.vm2.lib.StringLib;
import org.luaj.vm2.lib.TableLib;

/**
 * A script of Argo CD's resource customizations. It gets the object as the global {@code obj}, and,
 * as in Argo CD, neither files nor the operating system.
 */
public record LuaScript(Path file) {

  /** The health check of a Reinstall. */
  public static LuaScript health() {
    return new LuaScript(ArgoCd.FOLDER.resolve("health.lua"));
  }

  /** The table that the script returns. */
  public Map<String, Object> run(Map<String, Object> object) {
    Globals globals = new Globals();
    globals.load(new BaseLib());
    globals.load(new PackageLib());
    globals.load(new StringLib());
    globals.load(new TableLib());
    LoadState.install(globals);
    LuaC.install(globals);
    globals.set("obj", lua(object));
    try {
      return java(globals.load(Files.readString(file), file.toString()).call().checktable());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LuaValue lua(Object value) {
    if (value instanceof Map<?, ?> map) {
      LuaTable table = new LuaTable();
      map.forEach((key, field) -> table.set(key.toString(), lua(field)));
      return table;
    }
    if (value instanceof List<?> list) {
      return LuaValue.listOf(list.stream().map(LuaScript::lua).toArray(LuaValue[]::new));
    }
    if (value instanceof Boolean flag) {
      return LuaValue.valueOf(flag);
    }
    if (value instanceof Number number) {
      return LuaValue.valueOf(number.doubleValue());
    }
    return value == null ? LuaValue.NIL : LuaValue.valueOf(value.toString());
  }

  private static Map<String, Object> java(LuaTable table) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (LuaValue key : table.keys()) {
      map.put(key.tojstring(), java(table.get(key)));
    }
    return map;
  }

  private static Object java(LuaValue value) {
    if (value instanceof LuaTable table) {
      if (table.length() == 0) {
        return java(table);
      }
      List<Object> list = new ArrayList<>();
      for (int i = 1; i <= table.length(); i++) {
        list.add(java(table.get(i)));
      }
      return list;
    }
    if (value.isboolean()) {
      return value.toboolean();
    }
    return value.type() == LuaValue.TNUMBER ? (Object) value.toint() : value.tojstring();
  }
}
