"""Door words: two characters that whoever comes says first, easy to say and to hear on the phone.

None is part of the platform's name or of a sentence that its messages say: every SMS begins with it.
"""

_WORDS = """
山楂 苹果 葡萄 西瓜 红枣 核桃 杏花 桃花 梨花 荷花 菊花 梅花 牡丹 玫瑰 向日 茉莉 松树 柳树 白杨 胡杨 银杏 竹子 小麦 玉米
棉花 芝麻 花生 豆角 南瓜 冬瓜 黄瓜 茄子 白菜 萝卜 土豆 香菜 春风 夏雨 秋月 冬雪 朝霞 晚霞 彩虹 星星 月亮 太阳 白云 清泉
小河 大海 高山 草原 沙漠 绿洲 雪山 湖水 喜鹊 燕子 鸽子 大雁 蝴蝶 蜜蜂 骆驼 白马 羚羊 熊猫 金鱼 锦鲤 灯笼 风筝 鼓楼 茶壶
茶叶 蜂蜜 馒头 面条 饺子 汤圆 抓饭 烤馕 奶茶 酸奶 手鼓 琵琶 二胡 笛子 毛笔 书本 算盘 地图 雨伞 草帽 围巾 手套 木船 铁桥
钟声 歌声 欢喜 团圆 吉祥 如意
"""

DOOR_WORDS = tuple(_WORDS.split())
